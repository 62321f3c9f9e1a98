//! The tables of `docs/benchmarks.md`: what was measured, beside what, with the ratio and the aim.

use std::fmt;

/// A measured figure with its unit.
#[derive(Clone, Copy, Debug)]
pub(super) enum Figure {
    /// How long one takes, in nanoseconds.
    Time(f64),
    /// How many are done in a second.
    Rate(f64),
    /// How much memory or disk, in bytes.
    Size(f64),
}

/// What is good enough.
#[derive(Clone, Copy, Debug)]
pub(super) enum Aim {
    /// The figure itself is under this one.
    Under(Figure),
    /// The figure divided by the peer's is at least so much.
    AtLeast(f64),
    /// The figure divided by the peer's is at most so much.
    AtMost(f64),
}

/// One measurement.
#[derive(Debug)]
pub(super) struct Row {
    /// What was measured.
    pub what: String,
    /// How Holdfast does.
    pub ours: Figure,
    /// Beside what, and how that does; nothing when there is no peer.
    pub peer: Option<(String, Figure)>,
    /// What is good enough; nothing when it is only told.
    pub aim: Option<Aim>,
}

/// What one bench measured.
#[derive(Debug)]
pub(super) struct Table {
    /// The heading.
    pub title: &'static str,
    /// How it was measured, in whole sentences.
    pub method: String,
    /// The measurements.
    pub rows: Vec<Row>,
}

impl Figure {
    const fn value(self) -> f64 {
        match self {
            Self::Time(value) | Self::Rate(value) | Self::Size(value) => value,
        }
    }
}

impl Row {
    /// Ours divided by the peer's.
    fn ratio(&self) -> Option<f64> {
        self.peer.as_ref().map(|(_, theirs)| self.ours.value() / theirs.value())
    }

    /// The aim, and whether it is met.
    fn verdict(&self) -> Option<(String, bool)> {
        let ratio = self.ratio().unwrap_or(f64::NAN);
        self.aim.map(|aim| match aim {
            Aim::Under(bound) => (format!("under {bound}"), self.ours.value() < bound.value()),
            Aim::AtLeast(least) => (format!("at least {least}"), ratio >= least),
            Aim::AtMost(most) => (format!("at most {most}"), ratio <= most),
        })
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (value, unit) = match *self {
            Self::Time(ns) if ns < 1e3 => (ns, "ns"),
            Self::Time(ns) if ns < 1e6 => (ns / 1e3, "µs"),
            Self::Time(ns) if ns < 1e9 => (ns / 1e6, "ms"),
            Self::Time(ns) => (ns / 1e9, "s"),
            Self::Rate(rate) => return write!(f, "{}/s", grouped(rate)),
            Self::Size(bytes) => (bytes / 1e6, "MB"),
        };
        if value < 10.0 { write!(f, "{value:.2} {unit}") } else { write!(f, "{value:.1} {unit}") }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (peer, theirs) =
            self.peer.as_ref().map_or_else(Default::default, |(name, figure)| (name.clone(), figure.to_string()));
        let ratio = self.ratio().map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let (aim, met) = self.verdict().unwrap_or_default();
        let met = match self.aim {
            None => "",
            Some(_) if met => "yes",
            Some(_) => "**no**",
        };
        writeln!(f, "| {} | {} | {peer} | {theirs} | {ratio} | {aim} | {met} |", self.what, self.ours)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n## {}\n\n{}\n", self.title, self.method)?;
        writeln!(f, "| what | Holdfast | beside | its figure | ratio | aim | met |\n|---|---:|---|---:|---:|---|---|")?;
        self.rows.iter().try_for_each(|row| row.fmt(f))
    }
}

/// A whole number with commas between thousands.
pub(super) fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        let told = |figure: Figure| figure.to_string();
        assert_eq!(told(Figure::Time(48_200.0)), "48.2 µs");
        assert_eq!(told(Figure::Time(1_500_000.0)), "1.50 ms");
        assert_eq!(told(Figure::Rate(1_234_567.0)), "1,234,567/s");
        assert_eq!(told(Figure::Rate(999.4)), "999/s");
        assert_eq!(told(Figure::Size(21_400_000.0)), "21.4 MB");
    }

    #[test]
    fn a_row_judges_the_ratio() {
        let peer = Some(("Redis".to_owned(), Figure::Rate(100.0)));
        let row = Row { what: "renewals".to_owned(), ours: Figure::Rate(250.0), peer, aim: Some(Aim::AtLeast(4.0)) };
        assert_eq!(row.to_string(), "| renewals | 250/s | Redis | 100/s | 2.50 | at least 4 | **no** |\n");
    }

    #[test]
    fn a_row_judges_the_figure() {
        let aim = Some(Aim::Under(Figure::Time(50_000.0)));
        let row = Row { what: "month".to_owned(), ours: Figure::Time(20_000.0), peer: None, aim };
        assert_eq!(row.to_string(), "| month | 20.0 µs |  |  |  | under 50.0 µs | yes |\n");
    }
}
