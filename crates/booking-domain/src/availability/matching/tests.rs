//! The choice against a reading of the rule that tries every allocation, and against the same method unit by unit.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;
use uuid::Uuid;

use super::super::group::units;
use super::super::loads::Load;
use super::super::needs::Needs;
use super::plain;
use crate::event_type::Requirement;
use crate::id::ResourceId;

/// So many of these resources.
pub(in crate::availability) type Asked = (u32, Vec<usize>);

fn id(number: usize) -> ResourceId {
    ResourceId::new(Uuid::from_u128(number as u128))
}

/// What is asked, as needs of so many resources.
pub(in crate::availability) fn group(asked: &[Asked], wanted: Option<usize>, resources: usize) -> Needs {
    let ids: Vec<_> = (0..resources).map(id).collect();
    let requirement = |(count, among): &Asked| Requirement {
        count: *count,
        resource_ids: among.iter().map(|number| id(*number)).collect(),
    };
    let requirements: Vec<_> = asked.iter().map(requirement).collect();
    Needs::new(&requirements, wanted.map(id), &ids)
}

/// Of how many resources there are needs.
pub(in crate::availability) const RESOURCES: usize = 6;

/// One to four needs.
pub(in crate::availability) fn needs() -> impl Strategy<Value = Vec<Asked>> {
    some_needs(1..5, RESOURCES)
}

/// The resource that must be among those taken, if any must.
pub(in crate::availability) fn wanted() -> impl Strategy<Value = Option<usize>> {
    prop::option::weighted(0.2, 0..RESOURCES)
}

/// So many units of each resource.
pub(in crate::availability) fn of_each(units: std::ops::Range<u32>) -> impl Strategy<Value = Vec<u32>> {
    vec(units, RESOURCES)
}

/// What each of so many resources has served: fewer claims than these, and the last one at one of a few times, or never.
pub(in crate::availability) fn loads(resources: usize, claims: u32) -> impl Strategy<Value = Vec<Load>> {
    let load = (0..claims, prop::option::of(0_i64..4)).prop_map(|(claims, last)| Load { claims, last });
    vec(load, resources)
}

/// How often the needs can be met, one choice after another, at most so many times.
pub(in crate::availability) fn one_after_another(needs: &Needs, free: &[u32], loads: &[Load], at_most: u32) -> u32 {
    let (mut free, mut loads, mut met) = (free.to_vec(), loads.to_vec(), 0);
    while met < at_most
        && let Some(chosen) = needs.choose(&free, (&[], &loads))
    {
        for place in chosen {
            free[place] -= 1;
            loads[place].claims += 1;
        }
        met += 1;
    }
    met
}

fn some_needs(many: std::ops::Range<usize>, resources: usize) -> impl Strategy<Value = Vec<Asked>> {
    let need = (0_usize..resources, subsequence((0..resources).collect::<Vec<_>>(), 1..=resources));
    let counted = need.prop_map(|(count, among)| (u32::try_from(1 + count % among.len()).unwrap(), among));
    vec(counted, many)
}

/// The first of all allocations in this order of preference, found by trying each; need by need.
fn first(asked: &[Asked], order: &[usize], free: &[u32], wanted: Option<usize>) -> Option<Vec<usize>> {
    let Some(((count, among), others)) = asked.split_first() else { return wanted.is_none().then(Vec::new) };
    let usable: Vec<usize> = order.iter().copied().filter(|place| among.contains(place)).collect();
    choices(&usable, *count as usize).into_iter().find_map(|chosen| {
        let mut left = free.to_vec();
        for place in &chosen {
            *left.get_mut(*place)? = units(&left, *place).checked_sub(1)?;
        }
        let still = wanted.filter(|wanted| !chosen.contains(wanted));
        Some([chosen, first(others, order, &left, still)?].concat())
    })
}

fn choices(from: &[usize], count: usize) -> Vec<Vec<usize>> {
    match (count, from.split_first()) {
        (0, _) => vec![Vec::new()],
        (_, None) => Vec::new(),
        (_, Some((one, rest))) => {
            let with = choices(rest, count - 1).into_iter().map(|others| [vec![*one], others].concat());
            with.chain(choices(rest, count)).collect()
        }
    }
}

/// Every way to meet these needs.
fn allocations(asked: &[Asked], free: &[u32]) -> Vec<Vec<usize>> {
    let Some(((count, among), others)) = asked.split_first() else { return vec![Vec::new()] };
    let with = |chosen: Vec<usize>| {
        let mut left = free.to_vec();
        let enough = chosen.iter().all(|place| left[*place].checked_sub(1).map(|less| left[*place] = less).is_some());
        let rest = if enough { allocations(others, &left) } else { Vec::new() };
        rest.into_iter().map(move |rest| [chosen.clone(), rest].concat())
    };
    choices(among, *count as usize).into_iter().flat_map(with).collect()
}

/// How much of what is kept is among what is taken.
fn common(taken: &[usize], kept: &[usize]) -> usize {
    let times = |list: &[usize], place: usize| list.iter().filter(|other| **other == place).count();
    (0..5).map(|place| times(taken, place).min(times(kept, place))).sum()
}

/// The resources in order of preference.
fn order(free: &[u32], loads: &[Load], wanted: Option<usize>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..free.len()).collect();
    order.sort_by_key(|place| (Some(*place) != wanted, loads[*place].claims, loads[*place].last, *place));
    order
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_chosen_is_the_first_of_all_allocations(
        asked in needs(),
        free in vec(0_u32..4, 6),
        loads in loads(6, 4),
        wanted in prop::option::weighted(0.3, 0_usize..6),
    ) {
        let needs = group(&asked, wanted, 6);
        let mut expected = first(&asked, &order(&free, &loads, wanted), &free, wanted);
        expected.iter_mut().for_each(|chosen| chosen.sort_unstable());
        prop_assert_eq!(needs.served_by(&free), expected.is_some());
        prop_assert_eq!(needs.choose(&free, (&[], &loads)), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn many_needs_of_many_resources_choose_as_unit_by_unit(
        asked in some_needs(1..11, 40),
        few in 1_u32..4,
        free in vec(0_u32..4, 40),
        loads in loads(40, 6),
        wanted in prop::option::weighted(0.3, 0_usize..40),
    ) {
        // Few enough of each that some serve and some do not.
        let asked: Vec<Asked> = asked.into_iter().map(|(count, among)| (1 + count % few * 4 % u32::try_from(among.len()).unwrap(), among)).collect();
        let needs = group(&asked, wanted, 40);
        prop_assert_eq!(needs.choose(&free, (&[], &loads)), plain::choose(&asked, wanted, &free, &loads));
    }

    #[test]
    fn as_much_is_kept_as_can_be(
        asked in some_needs(1..4, 5),
        free in vec(0_u32..4, 5),
        loads in loads(5, 4),
        wanted in prop::option::weighted(0.3, 0_usize..5),
        kept in vec(0_usize..5, 0..5),
    ) {
        let needs = group(&asked, wanted, 5);
        let all = allocations(&asked, &free).into_iter();
        let most = all.filter(|taken| wanted.is_none_or(|wanted| taken.contains(&wanted))).map(|taken| common(&taken, &kept)).max();
        let chosen = needs.choose(&free, (&kept, &loads));
        prop_assert_eq!(chosen.as_ref().map(|taken| common(taken, &kept)), most);
        prop_assert!(chosen.is_none_or(|taken| wanted.is_none_or(|wanted| taken.contains(&wanted))));
    }

    #[test]
    fn what_could_be_taken_is_taken_when_it_is_preferred(
        asked in needs(),
        free in vec(0_u32..4, 6),
        wanted in prop::option::weighted(0.3, 0_usize..6),
    ) {
        let needs = group(&asked, wanted, 6);
        for (place, takeable) in needs.takeable(&free).into_iter().enumerate() {
            let mut loads = vec![Load { claims: 1, last: None }; 6];
            loads[place].claims = 0;
            let taken = needs.choose(&free, (&[], &loads)).is_some_and(|chosen| chosen.contains(&place));
            prop_assert!(!taken || takeable, "{place}");
        }
    }
}
