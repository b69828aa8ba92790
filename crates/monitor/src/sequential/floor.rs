//! What no test can do better.

/// The least number of requests, of both arms together, that any test needs on average to tell a candidate failing at
/// `candidate` from stable failing at `stable`, where `share` of the requests are the candidate's and one healthy
/// release in `1 / alpha` may be blamed: `ln(1/alpha)` over the mutual information of arm and failure (Wald).
///
/// All four are shares between 0 and 1, both excluded. Infinite where the two fail alike.
pub fn least_requests(stable: f64, candidate: f64, share: f64, alpha: f64) -> f64 {
    let pooled = share * candidate + (1.0 - share) * stable;
    let information = entropy(pooled) - share * entropy(candidate) - (1.0 - share) * entropy(stable);
    -alpha.ln() / information.max(0.0)
}

/// The least number of the candidate's requests, were stable's share known beforehand: `ln(1/alpha)` over the
/// Kullback-Leibler divergence.
pub fn least_candidate_requests(stable: f64, candidate: f64, alpha: f64) -> f64 {
    let part = |a: f64, b: f64| a * (a / b).ln();
    -alpha.ln() / (part(candidate, stable) + part(1.0 - candidate, 1.0 - stable))
}

fn entropy(share: f64) -> f64 {
    -(share * share.ln() + (1.0 - share) * (1.0 - share).ln())
}
