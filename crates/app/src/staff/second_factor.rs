//! The second factor: a code of six digits that changes every half minute (RFC 6238, TOTP). One half minute early or late is let
//! pass; a code that was used is worth nothing.

use crate::error::{Fault, Result};
use crate::office::Office;
use crate::record::FieldError;
use anmin_store::{Blind, Moment};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// A second factor to set up, shown once. Nothing is kept of it until its first code has been shown to us.
#[derive(Clone, Serialize, JsonSchema)]
pub struct SecondFactorV1 {
    /// The secret in base 32, to be typed into an authenticator.
    pub secret: String,
    /// The same as an address that authenticators read from a square code.
    pub otpauth: String,
    /// Shows that we made the secret: to be sent back with it.
    pub seal: String,
}

/// The second factor as it comes back, with its first code.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstCodeV1 {
    /// The secret, as it was shown.
    pub secret: String,
    /// Its seal.
    pub seal: String,
    /// The code the authenticator shows now.
    pub code: String,
}

impl fmt::Debug for SecondFactorV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("second factor ***")
    }
}

impl fmt::Debug for FirstCodeV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("first code ***")
    }
}

const BYTES: usize = 20;
const STEP: u64 = 30;

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| Fault::Broken(format!("no random bytes: {e}")))?;
    Ok(bytes)
}

fn totp(secret: Secret) -> Option<Totp> {
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_skew(1);
    builder.with_step_duration(STEP).with_secret(secret).build().ok()
}

/// The half minute a code is of, if it is one of this secret around now.
pub(crate) fn step_of(secret: &str, code: &str, at: Moment) -> Option<i64> {
    let code: String =
        code.chars().filter(|c| !c.is_whitespace()).map(anmin_base::half_width::half_width).collect();
    let seconds = u64::try_from(at.0.div_euclid(1_000)).ok()?;
    let step = totp(Secret::try_from_base32(secret).ok()?)?.check(&code, seconds)?;
    i64::try_from(step).ok()
}

impl Office {
    /// A second factor for somebody to set up, under the login they will have.
    ///
    /// # Errors
    /// The machine has no random bytes.
    pub fn second_factor(&self, login: &str) -> Result<SecondFactorV1> {
        let login = super::account::normal(login);
        let secret = Secret::new(Box::new(random::<BYTES>()?)).to_base32();
        // Logins hold nothing that an address would have to escape.
        let otpauth = format!("otpauth://totp/Anmin:{login}?secret={secret}&issuer=Anmin");
        let seal = self.second_factor_seal(&login, &secret);
        Ok(SecondFactorV1 { secret, otpauth, seal })
    }

    fn second_factor_seal(&self, login: &str, secret: &str) -> String {
        self.inner.store.keys().blind(Blind::Person, "second factor", &format!("{login} {secret}"))
    }

    /// Whether the second factor is one we made for this login, and its code is right: the half minute of the code.
    pub(crate) fn first_code(&self, login: &str, given: &FirstCodeV1, at: Moment) -> Result<i64> {
        let ours = self.second_factor_seal(login, &given.secret) == given.seal;
        let step = step_of(&given.secret, &given.code, at);
        match (ours, step) {
            (true, Some(step)) => Ok(step),
            (false, _) => Err(vec![FieldError {
                at: "second_factor".into(),
                zh: "动态口令密钥不是本页给出的，请刷新页面后重新添加。".into(),
                en: "The secret is not the one this page gave, or the login was changed after: reload and set it up \
                     again."
                    .into(),
            }]
            .into()),
            (true, None) => Err(vec![FieldError {
                at: "second_factor.code".into(),
                zh: "动态口令不对；请确认手机时间准确，输入当前显示的 6 位数字。".into(),
                en: "The code is not right: see that the phone's clock is, and enter the six digits it shows now.".into(),
            }]
            .into()),
        }
    }
}

#[cfg(test)]
pub(crate) fn code_at(secret: &str, at: Moment) -> String {
    let totp = totp(Secret::try_from_base32(secret).unwrap()).unwrap();
    totp.generate(u64::try_from(at.0 / 1_000).unwrap()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the RFC's own table, whose codes have eight digits: ours are their last six.
    const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn agrees_with_the_table_of_rfc_6238() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(step_of(RFC, code, Moment(seconds * 1_000)), Some(seconds / 30), "{seconds}");
            assert_eq!(code_at(RFC, Moment(seconds * 1_000)), code);
        }
    }

    #[test]
    fn lets_one_half_minute_pass_either_way_and_no_more() {
        let at = |seconds: i64| step_of(RFC, "005 924", Moment(seconds * 1_000));
        let step = 1_234_567_890 / 30;
        for (seconds, seen) in [(-31, None), (-30, Some(step)), (0, Some(step)), (59, Some(step)), (60, None)]
        {
            assert_eq!(at(step * 30 + seconds), seen, "{seconds}");
        }
    }

    #[test]
    fn what_is_no_code_is_none() {
        for code in ["", "12345", "1234567", "abcdef", "０81804"] {
            assert_eq!(step_of(RFC, code, Moment(59_000)), None, "{code}");
        }
        assert_eq!(step_of("not base 32!", "287082", Moment(59_000)), None);
        assert_eq!(step_of(RFC, "２８７０８２", Moment(59_000)), Some(1));
    }
}
