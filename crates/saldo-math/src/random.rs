//! Random numbers by counter: the same key gives the same number, whoever asks first.

use crate::{exp, ln, pow};

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

/// What a random number belongs to. Two keys that differ anywhere give unrelated numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Key {
    pub seed: u64,
    pub draw: u32,
    /// Hash of the qualified name of the line.
    pub line: u64,
    pub period: u32,
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
        let key = self.key;
        let folded = key.line ^ key.seed.rotate_left(32);
        let words = philox(
            [
                self.at,
                key.period,
                key.draw,
                (key.seed >> 32) as u32 ^ key.seed as u32,
            ],
            [folded as u32, (folded >> 32) as u32],
        );
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
