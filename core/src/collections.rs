//! Ordered maps and sets, and a stable sort, made to be small once compiled.
//!
//! Std's `BTreeMap` costs five to eight kilobytes of WebAssembly for every pair of types that it is used with, its
//! `collect` and every `sort` another three to six; the core has dozens of such pairs, and readers of the page pay for
//! each. A [`Map`] is sorted vectors in a vector: one binary search over the chunks, one in the chunk. The names and
//! meanings of the methods are those of `BTreeMap`.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Index, RangeInclusive};

/// Entries that a chunk may hold before it is split.
const CHUNK: usize = 128;

/// A map in the order of its keys.
#[derive(Clone)]
pub struct Map<K, V> {
    /// None is empty.
    chunks: Vec<Vec<(K, V)>>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Map { chunks: Vec::new() }
    }
}

/// Where entries are cut into chunks depends on how they came.
impl<K: PartialEq, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// Where a key is, or where it would go.
struct Place {
    chunk: usize,
    at: usize,
    found: bool,
}

/// The first of `count` places at which `before` no longer holds.
#[inline(never)]
fn first_not(count: usize, before: &mut dyn FnMut(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

impl<K: Ord, V> Map<K, V> {
    pub fn new() -> Map<K, V> {
        Map::default()
    }

    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Place
    where
        K: Borrow<Q>,
    {
        let chunks = &self.chunks;
        let before = &mut |chunk: usize| chunks[chunk].last().is_some_and(|(last, _)| last.borrow() < key);
        let chunk = first_not(chunks.len(), before);
        let Some(entries) = chunks.get(chunk) else {
            // Behind everything: at the end of the last chunk.
            let chunk = chunks.len().saturating_sub(1);
            return Place { chunk, at: chunks.last().map_or(0, Vec::len), found: false };
        };
        let at = first_not(entries.len(), &mut |at| entries[at].0.borrow() < key);
        Place { chunk, at, found: entries.get(at).is_some_and(|(found, _)| found.borrow() == key) }
    }

    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key);
        place.found.then(|| &self.chunks[place.chunk][place.at].1)
    }

    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key);
        place.found.then(|| &mut self.chunks[place.chunk][place.at].1)
    }

    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).found
    }

    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let place = self.place(&key);
        if place.found {
            return Some(std::mem::replace(&mut self.chunks[place.chunk][place.at].1, value));
        }
        self.put(place, key, value);
        None
    }

    fn put(&mut self, place: Place, key: K, value: V) -> &mut V {
        let Place { mut chunk, mut at, .. } = place;
        if self.chunks.is_empty() {
            self.chunks.push(Vec::new());
        }
        if self.chunks[chunk].len() == CHUNK {
            // What grows at its end only is left full; elsewhere both halves have room.
            let cut = if at == CHUNK { CHUNK } else { CHUNK / 2 };
            let tail = self.chunks[chunk].split_off(cut);
            self.chunks.insert(chunk + 1, tail);
            if at >= cut {
                (chunk, at) = (chunk + 1, at - cut);
            }
        }
        self.chunks[chunk].insert(at, (key, value));
        &mut self.chunks[chunk][at].1
    }

    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key);
        place.found.then(|| self.take(place).1)
    }

    fn take(&mut self, place: Place) -> (K, V) {
        let taken = self.chunks[place.chunk].remove(place.at);
        if self.chunks[place.chunk].is_empty() {
            self.chunks.remove(place.chunk);
        }
        taken
    }

    /// The entry of a key, there already or not.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        let place = self.place(&key);
        Entry { map: self, place, key }
    }

    /// Takes out the first entry.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        (!self.chunks.is_empty()).then(|| self.take(Place { chunk: 0, at: 0, found: true }))
    }

    /// Keeps the entries of which `keep` is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        for chunk in &mut self.chunks {
            chunk.retain_mut(|(key, value)| keep(key, value));
        }
        self.chunks.retain(|chunk| !chunk.is_empty());
    }

    /// The entries whose keys lie in `range`, its ends included.
    pub fn range(&self, range: RangeInclusive<K>) -> Iter<'_, K, V> {
        let first = self.place(range.start());
        let last = self.place(range.end());
        let end = last.at + usize::from(last.found);
        if first.chunk >= self.chunks.len() || (first.chunk, first.at) >= (last.chunk, end) {
            return Iter { chunk: &[], rest: &[], last: &[] };
        }
        let last_chunk = &self.chunks[last.chunk][..end];
        if first.chunk == last.chunk {
            return Iter { chunk: &last_chunk[first.at..], rest: &[], last: &[] };
        }
        let rest = &self.chunks[first.chunk + 1..last.chunk];
        Iter { chunk: &self.chunks[first.chunk][first.at..], rest, last: last_chunk }
    }
}

impl<K, V> Map<K, V> {
    pub fn len(&self) -> usize {
        self.chunks.iter().map(Vec::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    pub fn clear(&mut self) {
        self.chunks.clear();
    }

    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.chunks.first()?.first().map(|(key, value)| (key, value))
    }

    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter { chunk: &[], rest: &self.chunks, last: &[] }
    }

    pub fn keys(&self) -> impl Iterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl Iterator<Item = &V> + Clone {
        self.iter().map(|(_, value)| value)
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.chunks.iter_mut().flatten().map(|(key, value)| (&*key, value))
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.chunks.iter_mut().flatten().map(|(_, value)| value)
    }

    pub fn into_keys(self) -> impl Iterator<Item = K> {
        self.into_iter().map(|(key, _)| key)
    }

    pub fn into_values(self) -> impl Iterator<Item = V> {
        self.into_iter().map(|(_, value)| value)
    }
}

/// One place of a map, to look at or to fill.
pub struct Entry<'m, K, V> {
    map: &'m mut Map<K, V>,
    place: Place,
    key: K,
}

impl<'m, K: Ord, V> Entry<'m, K, V> {
    pub fn or_insert_with(self, value: impl FnOnce() -> V) -> &'m mut V {
        if self.place.found {
            &mut self.map.chunks[self.place.chunk][self.place.at].1
        } else {
            self.map.put(self.place, self.key, value())
        }
    }

    pub fn or_insert(self, value: V) -> &'m mut V {
        self.or_insert_with(|| value)
    }

    pub fn or_default(self) -> &'m mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }
}

/// Goes through a map in the order of its keys.
pub struct Iter<'m, K, V> {
    /// What is left of the chunk that is gone through now.
    chunk: &'m [(K, V)],
    /// Whole chunks after it.
    rest: &'m [Vec<(K, V)>],
    /// Part of a chunk after those.
    last: &'m [(K, V)],
}

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Iter { chunk: self.chunk, rest: self.rest, last: self.last }
    }
}

impl<'m, K, V> Iterator for Iter<'m, K, V> {
    type Item = (&'m K, &'m V);

    // Not inlined: every loop over a map would bring it along.
    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.chunk.is_empty() {
            match self.rest.split_first() {
                Some((chunk, rest)) => (self.chunk, self.rest) = (chunk, rest),
                None => self.chunk = std::mem::take(&mut self.last),
            }
        }
        let ((key, value), chunk) = self.chunk.split_first()?;
        self.chunk = chunk;
        Some((key, value))
    }
}

impl<'m, K, V> IntoIterator for &'m Map<K, V> {
    type Item = (&'m K, &'m V);
    type IntoIter = Iter<'m, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(mut self) -> Self::IntoIter {
        let mut all = self.chunks.first_mut().map_or(Vec::new(), std::mem::take);
        for chunk in self.chunks.iter_mut().skip(1) {
            all.append(chunk);
        }
        all.into_iter()
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Map::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> Index<&Q> for Map<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("the key is in the map")
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// A set in the order of its members.
#[derive(Clone, PartialEq)]
pub struct Set<K>(Map<K, ()>);

impl<K> Default for Set<K> {
    fn default() -> Self {
        Set(Map::default())
    }
}

impl<K: Ord> Set<K> {
    pub fn new() -> Set<K> {
        Set::default()
    }

    /// Returns whether it was not there yet.
    pub fn insert(&mut self, key: K) -> bool {
        self.0.insert(key, ()).is_none()
    }

    /// Returns whether it was there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.remove(key).is_some()
    }

    pub fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.contains_key(key)
    }

    /// The members in `range`, its ends included.
    pub fn range(&self, range: RangeInclusive<K>) -> impl Iterator<Item = &K> + Clone
    where
        K: Clone,
    {
        self.0.range(range).map(|(key, ())| key)
    }
}

impl<K> Set<K> {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn first(&self) -> Option<&K> {
        self.0.first_key_value().map(|(key, ())| key)
    }

    pub fn iter(&self) -> SetIter<'_, K> {
        SetIter(self.0.iter())
    }
}

/// Goes through a set in order.
pub struct SetIter<'s, K>(Iter<'s, K, ()>);

impl<K> Clone for SetIter<'_, K> {
    fn clone(&self) -> Self {
        SetIter(self.0.clone())
    }
}

impl<'s, K> Iterator for SetIter<'s, K> {
    type Item = &'s K;

    fn next(&mut self) -> Option<&'s K> {
        self.0.next().map(|(key, ())| key)
    }
}

impl<'s, K> IntoIterator for &'s Set<K> {
    type Item = &'s K;
    type IntoIter = SetIter<'s, K>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K> IntoIterator for Set<K> {
    type Item = K;
    type IntoIter = std::vec::IntoIter<K>;

    fn into_iter(self) -> Self::IntoIter {
        let keys: Vec<K> = self.0.into_keys().collect();
        keys.into_iter()
    }
}

impl<K: Ord> Extend<K> for Set<K> {
    fn extend<I: IntoIterator<Item = K>>(&mut self, keys: I) {
        for key in keys {
            self.insert(key);
        }
    }
}

impl<K: Ord> FromIterator<K> for Set<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut set = Set::new();
        set.extend(keys);
        set
    }
}

impl<K: fmt::Debug> fmt::Debug for Set<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// Sorts, leaving equals in their order.
pub fn sort_by<T>(items: &mut Vec<T>, mut compare: impl FnMut(&T, &T) -> Ordering) {
    let order = sorted_places(items.len(), &mut |a, b| compare(&items[a], &items[b]));
    let mut taken: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|place| taken[place].take()));
}

/// Sorts by a key, leaving equals in their order.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts, leaving equals in their order.
pub fn sort<T: Ord>(items: &mut Vec<T>) {
    sort_by(items, T::cmp);
}

/// The places `0..count` in sorted order: a merge sort from below.
#[inline(never)]
fn sorted_places(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    let mut merged = Vec::with_capacity(count);
    let mut width = 1;
    while width < count {
        merged.clear();
        let mut start = 0;
        while start < count {
            let middle = (start + width).min(count);
            let end = (middle + width).min(count);
            let (mut left, mut right) = (start, middle);
            while left < middle || right < end {
                let take_left =
                    right == end || (left < middle && compare(places[left], places[right]) != Ordering::Greater);
                let side = if take_left { &mut left } else { &mut right };
                merged.push(places[*side]);
                *side += 1;
            }
            start = end;
        }
        std::mem::swap(&mut places, &mut merged);
        width *= 2;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::BTreeMap;

    #[test]
    fn a_map_does_what_std_s_does() {
        for seed in 0..20 {
            let mut stream = Stream::new(seed, "maps");
            let (mut ours, mut theirs) = (Map::new(), BTreeMap::new());
            for step in 0..3_000 {
                let key = stream.below(if seed % 2 == 0 { 90 } else { 2_000 });
                match stream.below(5) {
                    0 => assert_eq!(ours.remove(&key), theirs.remove(&key)),
                    1 => assert_eq!(ours.get(&key), theirs.get(&key)),
                    2 => {
                        *ours.entry(key).or_default() += 1;
                        *theirs.entry(key).or_default() += 1;
                    }
                    _ => assert_eq!(ours.insert(key, step), theirs.insert(key, step)),
                }
                let low = stream.below(2_000);
                let high = low + stream.below(500);
                assert!(ours.range(low..=high).eq(theirs.range(low..=high)), "seed {seed} step {step}");
            }
            assert!(ours.iter().eq(theirs.iter()) && ours.len() == theirs.len(), "seed {seed}");
            assert_eq!(ours.first_key_value(), theirs.first_key_value());
            ours.retain(|key, _| key % 3 == 0);
            theirs.retain(|key, _| key % 3 == 0);
            assert_eq!(ours.pop_first(), theirs.pop_first());
            assert!(ours.into_iter().eq(theirs), "seed {seed}");
        }
    }

    #[test]
    fn sorting_leaves_equals_in_their_order() {
        let mut stream = Stream::new(1, "sorts");
        for count in [0, 1, 2, 3, 7, 100, 1_000] {
            let mut ours: Vec<(u32, usize)> = (0..count).map(|place| (stream.below(10), place)).collect();
            let mut theirs = ours.clone();
            sort_by_key(&mut ours, |(key, _)| *key);
            theirs.sort_by_key(|(key, _)| *key);
            assert_eq!(ours, theirs);
        }
    }
}
