use proptest::prelude::*;
use unleash_yggdrasil::strategy_parsing::normalized_hash;

use super::*;

fn murmur(bytes: &[u8], seed: u32) -> u32 {
    let mut murmur = Murmur::new(seed);
    murmur.push(bytes);
    murmur.finish()
}

/// From the test vectors published with the algorithm.
#[test]
fn murmur3_gives_the_published_hashes() {
    for (text, seed, hash) in [
        ("", 0, 0),
        ("", 1, 0x514e_28b7),
        ("", 0xffff_ffff, 0x81f1_6f39),
        ("\0\0\0\0", 0, 0x2362_f9de),
        ("\0\0\0", 0, 0x85f0_b427),
        ("\0\0", 0, 0x30f4_c306),
        ("\0", 0, 0x514e_28b7),
        ("aaaa", 0x9747_b28c, 0x5a97_808a),
        ("aaa", 0x9747_b28c, 0x283e_0130),
        ("aa", 0x9747_b28c, 0x5d21_1726),
        ("a", 0x9747_b28c, 0x7fa0_9ea6),
        ("abcd", 0x9747_b28c, 0xf047_8627),
        ("Hello, world!", 0x9747_b28c, 0x2488_4cba),
        ("ππππππππ", 0x9747_b28c, 0xd580_63c1),
        ("The quick brown fox jumps over the lazy dog", 0x9747_b28c, 0x2fa8_26cd),
    ] {
        assert_eq!(murmur(text.as_bytes(), seed), hash, "{text:?} {seed:x}");
    }
}

/// The hash that decides a rollout in Unleash's own engine, and ours.
fn theirs_and_ours(group: &str, id: &str, modulus: u32, variants: bool) -> (u32, u32) {
    let (seed, ours) =
        if variants { (VARIANT_SEED, Group::of_variants(group)) } else { (0, Group::of_rollout(group)) };
    (normalized_hash(group, id, modulus, seed).unwrap(), ours.hash(id) % modulus + 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn pieces_hash_as_the_whole(parts in prop::collection::vec(any::<Vec<u8>>(), 0..6), seed: u32) {
        let mut pieces = Murmur::new(seed);
        for part in &parts {
            pieces.push(part);
        }
        prop_assert_eq!(pieces.finish(), murmur(&parts.concat(), seed));
    }

    #[test]
    fn hashes_are_unleashs(group in ".{0,24}", id in ".{0,40}", modulus in 1u32..2_000_000, variants: bool) {
        let (theirs, ours) = theirs_and_ours(&group, &id, modulus, variants);
        prop_assert_eq!(theirs, ours);
    }

    #[test]
    fn a_whole_percentage_admits_whom_unleash_admits(hash: u32, percentage in 0u32..=100) {
        prop_assert_eq!(place(hash) < percentage * 10_000, hash % 100 < percentage);
    }
}

#[test]
fn a_percent_has_its_share_of_the_places() {
    let mut parts = [0; 100];
    let group = Group::of_rollout("even");
    for id in 0..100_000 {
        parts[(place(group.hash(&id.to_string())) / 100 % 100) as usize] += 1;
    }
    // Hundredths of a percent, over all percents: 1,000 each by mean, 32 by deviation.
    assert!(parts.iter().all(|count| (800..1_200).contains(count)), "{parts:?}");
}
