//! Random numbers by counter: the same key gives the same number, whoever asks first.

// A loop over a row runs along several arrays at once.
#![allow(clippy::needless_range_loop)]

use crate::{exp, ln, ln_row, pow};

/// Philox 4×32 with ten rounds (Salmon, Moraes, Dror and Shaw 2011).
pub fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for round in 0..10 {
        if round > 0 {
            key = [
                key[0].wrapping_add(0x9E37_79B9),
                key[1].wrapping_add(0xBB67_AE85),
            ];
        }
        let a = u64::from(counter[0]) * 0xD251_1F53;
        let b = u64::from(counter[2]) * 0xCD9E_8D57;
        counter = [
            (b >> 32) as u32 ^ counter[1] ^ key[0],
            b as u32,
            (a >> 32) as u32 ^ counter[3] ^ key[1],
            a as u32,
        ];
    }
    counter
}

/// [`philox`] with counters that differ in their third word alone, for numbers of 32 bits in 64:
/// the first two words of each answer.
#[inline(always)]
fn philox_row<const L: usize>(
    [at, period, first, last]: [u32; 4],
    mut key: [u32; 2],
) -> [[u64; L]; 2] {
    const LOW: u64 = 0xFFFF_FFFF;
    let mut keys = [[0; 2]; 10];
    for round in &mut keys {
        *round = key.map(u64::from);
        key = [
            key[0].wrapping_add(0x9E37_79B9),
            key[1].wrapping_add(0xBB67_AE85),
        ];
    }
    let mut words = [[0; L]; 2];
    for lane in 0..L {
        let (mut w0, mut w1) = (u64::from(at), u64::from(period));
        let third = u64::from(first).wrapping_add(lane as u64) & LOW;
        let (mut w2, mut w3) = (third, u64::from(last));
        for [k0, k1] in keys {
            let (a, b) = (w0 * 0xD251_1F53, w2 * 0xCD9E_8D57);
            (w0, w1) = ((b >> 32) ^ w1 ^ k0, b & LOW);
            (w2, w3) = ((a >> 32) ^ w3 ^ k1, a & LOW);
        }
        (words[0][lane], words[1][lane]) = (w0, w1);
    }
    words
}

/// What a random number belongs to. Two keys that differ anywhere give unrelated numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Key {
    pub seed: u64,
    pub draw: u32,
    /// Hash of the qualified name of the line.
    pub line: u64,
    pub period: u32,
}

impl Key {
    /// Counter and key of its number `at`.
    fn words(&self, at: u32) -> ([u32; 4], [u32; 2]) {
        let folded = self.line ^ self.seed.rotate_left(32);
        let last = (self.seed >> 32) as u32 ^ self.seed as u32;
        let counter = [at, self.period, self.draw, last];
        (counter, [folded as u32, (folded >> 32) as u32])
    }
}

/// The number `at` of this key and of those of the draws that follow: what [`Stream::uniform`]
/// gives.
#[inline(always)]
fn uniforms<const L: usize>(key: &Key, at: u32) -> [f64; L] {
    /// 2⁵²; with a whole number below it in its last bits, it is the sum of both.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    let (counter, key) = key.words(at);
    let [high, low] = philox_row::<L>(counter, key);
    let mut row = [0.0; L];
    for lane in 0..L {
        let bits = (high[lane] << 20) ^ (low[lane] >> 12);
        row[lane] = (f64::from_bits(bits | WHOLE.to_bits()) - WHOLE + 0.5) / WHOLE;
    }
    row
}

/// The first uniform numbers of a key and of those of the draws that follow.
#[inline(always)]
pub fn uniform_row<const L: usize>(key: &Key, out: &mut [f64; L]) {
    *out = uniforms(key, 0);
}

/// The first normal numbers of a key and of those of the draws that follow: all try together
/// until each has two uniform numbers inside the circle.
#[inline(always)]
pub fn normal_row<const L: usize>(key: &Key, out: &mut [f64; L]) {
    let (mut inside, mut u, mut s) = ([false; L], [0.0; L], [0.0; L]);
    let mut at = 0;
    while inside.contains(&false) {
        let (first, second) = (uniforms::<L>(key, at), uniforms::<L>(key, at + 1));
        at += 2;
        for lane in 0..L {
            let (x, y) = (2.0 * first[lane] - 1.0, 2.0 * second[lane] - 1.0);
            let square = x * x + y * y;
            u[lane] = if inside[lane] { u[lane] } else { x };
            s[lane] = if inside[lane] { s[lane] } else { square };
            inside[lane] |= (square < 1.0) & (square > 0.0);
        }
    }
    ln_row(&s, out);
    for lane in 0..L {
        out[lane] = u[lane] * (-2.0 * out[lane] / s[lane]).sqrt();
    }
}

/// FNV-1a, for the names of lines.
pub fn name_hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The numbers of one key, one after the other.
pub struct Stream {
    key: Key,
    at: u32,
}

impl Stream {
    pub fn new(key: Key) -> Self {
        Stream { key, at: 0 }
    }

    /// Uniform on (0, 1), never 0 and never 1.
    pub fn uniform(&mut self) -> f64 {
        let (counter, key) = self.key.words(self.at);
        let words = philox(counter, key);
        self.at += 1;
        let bits = (u64::from(words[0]) << 20) ^ (u64::from(words[1]) >> 12);
        (bits as f64 + 0.5) / 4_503_599_627_370_496.0
    }

    /// Standard normal by Marsaglia's polar method (1964).
    pub fn normal(&mut self) -> f64 {
        loop {
            let (u, v) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let s = u * u + v * v;
            if s < 1.0 && s > 0.0 {
                return u * (-2.0 * ln(s) / s).sqrt();
            }
        }
    }

    /// Gamma with shape a and scale 1 (Marsaglia and Tsang 2000).
    pub fn gamma(&mut self, a: f64) -> f64 {
        if a < 1.0 {
            let u = self.uniform();
            return self.gamma(a + 1.0) * pow(u, 1.0 / a);
        }
        let d = a - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            let v = v * v * v;
            if v > 0.0 && ln(self.uniform()) < 0.5 * x * x + d - d * v + d * ln(v) {
                return d * v;
            }
        }
    }

    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a), self.gamma(b));
        x / (x + y)
    }

    /// Poisson by products of uniforms, large means halved first (the sum of two is Poisson).
    pub fn poisson(&mut self, mean: f64) -> f64 {
        if mean > 30.0 {
            return self.poisson(mean / 2.0) + self.poisson(mean / 2.0);
        }
        let limit = exp(-mean);
        let mut product = self.uniform();
        let mut count = 0.0;
        while product > limit {
            product *= self.uniform();
            count += 1.0;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers that accompany the published algorithm.
    #[test]
    fn philox_known_answers() {
        assert_eq!(
            philox([0; 4], [0; 2]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
    }

    #[test]
    fn rows_are_what_streams_give() {
        for period in 0..500 {
            let key = Key {
                seed: 0x1234_5678_9abc_def0 >> (period % 64),
                draw: u32::MAX - 3,
                line: name_hash("x"),
                period,
            };
            let (mut uniform, mut normal) = ([0.0; 8], [0.0; 8]);
            uniform_row(&key, &mut uniform);
            normal_row(&key, &mut normal);
            for lane in 0..8 {
                let draw = key.draw.wrapping_add(lane as u32);
                let of = Key { draw, ..key };
                assert_eq!(uniform[lane].to_bits(), Stream::new(of).uniform().to_bits());
                assert_eq!(normal[lane].to_bits(), Stream::new(of).normal().to_bits());
            }
        }
    }

    #[test]
    fn moments() {
        let n = 20_000;
        let (mut sum, mut squares, mut gamma) = (0.0, 0.0, 0.0);
        for draw in 0..n {
            let mut stream = Stream::new(Key {
                seed: 7,
                draw,
                line: name_hash("x"),
                period: 1,
            });
            let x = stream.normal();
            sum += x;
            squares += x * x;
            gamma += stream.gamma(2.5);
        }
        let n = f64::from(n);
        assert!(
            (sum / n).abs() < 0.03
                && (squares / n - 1.0).abs() < 0.05
                && (gamma / n - 2.5).abs() < 0.05
        );
    }
}
