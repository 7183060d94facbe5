//! What a decision under the rules says a month is worth, part by part. Read from the decision as it was kept, so that a
//! grant is what was signed and nothing that was worked out later.

use anmin_base::money::Money;
use anmin_ledger::grant::Amounts;
use anmin_pack::benefit::BenefitSheet;
use serde_json::Value;

/// What a decision says is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Worth {
    pub amounts: Amounts,
    pub persons: u32,
}

/// What a kept decision says; none where it is not known, or its parts make no sense.
pub(super) fn worth(basis: &Value, sheet: &BenefitSheet) -> Option<Worth> {
    let total = Money::from_fen(basis["amount_fen"].as_i64()?);
    let output = |name: &str| {
        let outputs = basis["outputs"].as_array()?;
        let values = outputs.iter().find(|output| output["name"] == name)?["values"].as_array()?;
        values.iter().try_fold(0i64, |sum, value| sum.checked_add(value.as_i64()?))
    };
    let mut parts: Vec<(String, Money)> = Vec::new();
    let mut sum = Money::ZERO;
    for component in &sheet.components {
        let part = Money::from_fen(output(&component.output)?);
        sum = sum.checked_add(part)?;
        parts.push((component.name.clone(), part));
    }
    // What the rules round the whole by.
    let rest = total.checked_sub(sum)?;
    let (_, carries) = parts.iter_mut().find(|(name, _)| *name == sheet.rounding)?;
    *carries = carries.checked_add(rest)?;
    let persons = match &sheet.persons {
        Some(name) => u32::try_from(output(name)?).ok()?,
        None => 1,
    };
    Some(Worth { amounts: Amounts::new(parts)?, persons })
}
