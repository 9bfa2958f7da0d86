//! Address pools: which subnet a network gets that asks for none.
//!
//! Models: moby libnetwork/ipam/allocator.go (allocatePredefinedPool) and ipamutils/utils.go (the pools).

use crate::subnet::Subnet;

/// Where networks of the swarm get their subnets from unless `docker swarm init --default-addr-pool` says otherwise.
const SWARM: Subnet = Subnet::v4([10, 0, 0, 0], 8);

/// What an engine has taken for its own: `bridge` and `docker_gwbridge`.
pub(super) const BRIDGES: [Subnet; 2] = [LOCAL[0].0, LOCAL[1].0];

/// Where networks of a single engine get theirs from, with the length of each.
const LOCAL: [(Subnet, u32); 7] = [
    (Subnet::v4([172, 17, 0, 0], 16), 16),
    (Subnet::v4([172, 18, 0, 0], 16), 16),
    (Subnet::v4([172, 19, 0, 0], 16), 16),
    (Subnet::v4([172, 20, 0, 0], 14), 16),
    (Subnet::v4([172, 24, 0, 0], 14), 16),
    (Subnet::v4([172, 28, 0, 0], 14), 16),
    (Subnet::v4([192, 168, 0, 0], 16), 20),
];

/// Subnets are taken one after another, round and round, so that what has just been given back is not taken at once.
#[derive(Clone, Debug, Default)]
pub(super) struct Pools {
    next: u32,
}

impl Pools {
    /// The next subnet of the swarm's that overlaps with none of `taken`. `asked`: the pools of this swarm, if they are
    /// its own.
    pub(super) fn take(&mut self, asked: &[String], length: u32, taken: &[Subnet]) -> Option<Subnet> {
        if asked.is_empty() {
            return self.take_from(&[(SWARM, length)], taken);
        }
        let pools: Vec<(Subnet, u32)> = asked.iter().filter_map(|pool| Some((Subnet::parse(pool)?, length))).collect();
        self.take_from(&pools, taken)
    }

    /// The next subnet of a single engine's.
    pub(super) fn take_local(&mut self, taken: &[Subnet]) -> Option<Subnet> {
        self.take_from(&LOCAL, taken)
    }

    fn take_from(&mut self, pools: &[(Subnet, u32)], taken: &[Subnet]) -> Option<Subnet> {
        /// So many are looked at: all of 10.0.0.0/8.
        const MOST: u32 = 1 << 16;
        let count: u32 = pools.iter().fold(0, |sum, (pool, length)| sum.saturating_add(pool.parts(*length)));
        for offset in 0..count.min(MOST) {
            let place = (self.next + offset) % count;
            let found = nth(pools, place).filter(|found| !taken.iter().any(|other| other.overlaps(*found)));
            if found.is_some() {
                self.next = (place + 1) % count;
                return found;
            }
        }
        None
    }
}

fn nth(pools: &[(Subnet, u32)], mut place: u32) -> Option<Subnet> {
    for (pool, length) in pools {
        let parts = pool.parts(*length);
        if place < parts {
            return Some(pool.part(*length, place));
        }
        place -= parts;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subnets_are_taken_one_after_another_and_round_again() {
        let mut pools = Pools::default();
        let asked = ["30.0.0.0/23".to_owned(), "40.0.0.0/24".to_owned()];
        let mut take = |taken: &[&str]| {
            let taken: Vec<Subnet> = taken.iter().filter_map(|text| Subnet::parse(text)).collect();
            pools.take(&asked, 24, &taken).map(|subnet| subnet.to_string())
        };
        assert_eq!(take(&[]).as_deref(), Some("30.0.0.0/24"));
        assert_eq!(take(&[]).as_deref(), Some("30.0.1.0/24"), "though the first is free again");
        assert_eq!(take(&["40.0.0.128/25"]).as_deref(), Some("30.0.0.0/24"), "what overlaps is no choice");
        assert_eq!(take(&["30.0.0.0/8", "40.0.0.0/8"]), None);
    }

    #[test]
    fn engines_have_larger_ones() {
        let mut pools = Pools::default();
        let (mut taken, mut last) = (Vec::new(), None);
        while let Some(subnet) = pools.take_local(&taken) {
            taken.push(subnet);
            last = Some(subnet.to_string());
        }
        assert_eq!(taken.len(), 15 + 16);
        assert_eq!(last.as_deref(), Some("192.168.240.0/20"));
    }
}
