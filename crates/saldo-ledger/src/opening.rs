//! Who owes what the holders of an opening have.

use crate::books::LedgerError;
use crate::chart::{Chart, Role};
use crate::scheme::strands;

/// The issuer owes what the holders have.
pub(crate) fn derive_issuers(
    chart: &Chart,
    given: &[(u32, f64)],
    positions: &mut [i128],
) -> Result<(), LedgerError> {
    let mut members_of: Vec<Vec<usize>> = vec![Vec::new(); strands(chart)];
    for (at, account) in chart.accounts.iter().enumerate() {
        members_of[account.strand as usize].push(at);
    }
    for (strand, members) in members_of.iter().enumerate() {
        let strand = strand as u32;
        let Some(first) = members.first() else {
            continue;
        };
        if chart.is_good[chart.accounts[*first].instrument as usize] {
            continue;
        }
        let sum: i128 = members.iter().map(|at| positions[*at]).sum();
        let open: Vec<usize> = members
            .iter()
            .copied()
            .filter(|at| {
                is_issuer(chart, *at) && !given.iter().any(|(account, _)| *account as usize == *at)
            })
            .collect();
        match open.as_slice() {
            _ if sum == 0 => {}
            [issuer] => positions[*issuer] -= sum,
            [] if is_noise(sum, members, positions) => {
                let size = |at: &&usize| positions[**at].unsigned_abs();
                let debtor = members
                    .iter()
                    .filter(|at| is_issuer(chart, **at))
                    .max_by_key(size);
                let debtor = debtor.copied().unwrap_or(*first);
                positions[debtor] -= sum;
            }
            // Nobody could say which of several debtors owes it.
            _ => return Err(LedgerError::Gap { strand, gap: sum }),
        }
    }
    Ok(())
}

fn is_issuer(chart: &Chart, at: usize) -> bool {
    chart.accounts[at].role == Role::Issuer
}

/// A gap that only the doubles of the text make: they carry 53 bits, the books 128.
fn is_noise(gap: i128, members: &[usize], positions: &[i128]) -> bool {
    let largest = members.iter().map(|at| positions[*at].unsigned_abs());
    let last_place = largest.max().unwrap_or(0) >> 52;
    gap.unsigned_abs() <= (last_place + 1) * members.len() as u128
}
