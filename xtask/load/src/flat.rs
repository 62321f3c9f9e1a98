//! The same calls to two servers, one with few rows stored and one with many: what each call costs beside the other.
//!
//! Calls alternate between the two, so that whatever else the machine does meets both.

mod books;
mod lists;
mod side;
mod waits;

use std::collections::BTreeMap;
use std::mem::take;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::quantile::quantile;
use crate::stage::Place;
use side::{Side, Times};

/// Rounds before it counts.
const WARM_UP: usize = 1;

/// Where the two servers are.
#[derive(Args)]
pub(crate) struct Options {
    /// A gRPC address: first of the server with few rows, then of the one with many
    #[arg(long, required = true)]
    grpc: Vec<String>,
    /// An HTTP address, in the same order
    #[arg(long, required = true)]
    http: Vec<String>,
    /// An `admin` key of the organization `default` on both
    #[arg(long)]
    key: String,
    /// Rounds that count
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Calls of each kind in a round, of which the median is the round's figure
    #[arg(long, default_value_t = 12)]
    calls: usize,
}

/// What is called, in the order of a repetition: parts that leave every room as they found it.
#[derive(Clone, Copy)]
enum Part {
    Months,
    Waits,
    Expiry,
    Books,
    Confirms,
    Lists,
}

const PARTS: [Part; 6] = [Part::Months, Part::Waits, Part::Expiry, Part::Books, Part::Confirms, Part::Lists];

impl Part {
    async fn call(self, side: &mut Side) -> Result<()> {
        match self {
            Self::Months => lists::months(side).await,
            Self::Waits => waits::waits(side).await,
            Self::Expiry => waits::expiry(side).await,
            Self::Books => books::books(side).await,
            Self::Confirms => books::confirms(side).await,
            Self::Lists => lists::lists(side).await,
        }
    }
}

/// Prints, for each kind of call, the median time beside few rows and beside many, and the least and greatest ratio of a round.
pub(crate) async fn run(options: Options) -> Result<()> {
    let mut sides = Vec::with_capacity(2);
    for (grpc, http) in options.grpc.iter().zip(&options.http) {
        let place = Place { grpc: grpc.clone(), key: options.key.clone() };
        sides.push(Side::open(&place, http).await?);
    }
    let [few, many] = sides.as_mut_slice() else { bail!("there must be two servers") };
    let mut rounds = Vec::with_capacity(options.rounds);
    for round in 0..WARM_UP + options.rounds {
        call_in_turn(few, many, options.calls).await?;
        let times = (take(&mut few.times), take(&mut many.times));
        if round >= WARM_UP {
            rounds.push(medians(times)?);
        }
    }
    for name in rounds.first().into_iter().flat_map(BTreeMap::keys) {
        let pairs: Vec<_> = rounds.iter().filter_map(|round| round.get(name)).copied().collect();
        println!("{}", figures(name, &pairs));
    }
    Ok(())
}

async fn call_in_turn(few: &mut Side, many: &mut Side, calls: usize) -> Result<()> {
    for call in 0..calls {
        for part in PARTS {
            // Whoever comes second finds the machine warm: they take turns.
            let in_order = if call % 2 == 0 { [&mut *few, &mut *many] } else { [&mut *many, &mut *few] };
            for side in in_order {
                part.call(side).await?;
            }
        }
    }
    Ok(())
}

/// The medians of each kind of call in a round, beside few rows and beside many.
type Medians = BTreeMap<&'static str, (Duration, Duration)>;

fn medians((few, mut many): (Times, Times)) -> Result<Medians> {
    let both = few.into_iter().map(|(name, mut few)| {
        let many = many.get_mut(name).with_context(|| format!("{name} was called on one server only"))?;
        Ok((name, (quantile(&mut few, 0.5), quantile(many, 0.5))))
    });
    both.collect()
}

/// The figures of one kind of call, from its medians of each round.
fn figures(name: &str, pairs: &[(Duration, Duration)]) -> String {
    let mut few: Vec<_> = pairs.iter().map(|(few, _)| *few).collect();
    let mut many: Vec<_> = pairs.iter().map(|(_, many)| *many).collect();
    let ratios = || pairs.iter().map(|(few, many)| many.as_secs_f64() / few.as_secs_f64());
    let (least, most) = (ratios().fold(f64::INFINITY, f64::min), ratios().fold(0.0, f64::max));
    let [few, many] = [&mut few, &mut many].map(|times| quantile(times, 0.5).as_nanos());
    format!("{name}_few_ns {few}\n{name}_many_ns {many}\n{name}_least {least:.3}\n{name}_most {most:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_call_is_told_by_its_medians_and_by_its_rounds() {
        let round = |few, many| (Duration::from_nanos(few), Duration::from_nanos(many));
        let told = figures("hold", &[round(100, 150), round(300, 300), round(200, 500)]);
        assert_eq!(told, "hold_few_ns 200\nhold_many_ns 300\nhold_least 1.000\nhold_most 2.500");
    }

    #[test]
    fn what_was_called_on_one_server_only_is_no_figure() {
        let times = |name| Times::from([(name, vec![Duration::from_nanos(1)])]);
        assert_eq!(medians((times("hold"), times("hold"))).unwrap().len(), 1);
        assert!(medians((times("hold"), times("wait"))).is_err());
    }
}
