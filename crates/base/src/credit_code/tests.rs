//! The codes stand on the divisions 999999 and 000000, which do not exist.

use super::*;
use proptest::prelude::*;

fn code(text: &str) -> CreditCode {
    text.parse().unwrap()
}

#[test]
fn reads_codes_whose_check_character_fits() {
    for (text, category) in [
        ("51000000500000002N", Category::SocialAssociation),
        ("52999999MJ00000018", Category::SocialServiceInstitution),
        ("53999999MJABCDEF7U", Category::Foundation),
        ("59999999Y00000000G", Category::OtherCivilAffairs),
        ("91999999MA0000009F", Category::Elsewhere { authority: '9' }),
        ("129999994000000003", Category::Elsewhere { authority: '1' }),
    ] {
        let code = code(text);
        assert_eq!(code.to_string(), text);
        assert_eq!(code.category(), category, "{text}");
        assert_eq!(code.division_prefix(), &text[2..8]);
    }
}

#[test]
fn brings_every_writing_to_one_form() {
    let expected = code("53999999MJABCDEF7U");
    assert_eq!(code("53999999mjabcdef7u"), expected);
    assert_eq!(code("５３９９９９９９ＭＪＡＢＣＤＥＦ７ｕ"), expected);
}

#[test]
fn refuses_and_says_why() {
    let character = |position, found| CreditCodeError::Character { position, found };
    for (text, error) in [
        ("", CreditCodeError::Length { found: 0 }),
        ("52999999MJ0000001", CreditCodeError::Length { found: 17 }),
        ("52999999MJ000000188", CreditCodeError::Length { found: 19 }),
        ("52999999MI00000018", character(10, 'I')),
        ("52999999MO00000018", character(10, 'O')),
        ("52999999MS00000018", character(10, 'S')),
        ("52999999MV00000018", character(10, 'V')),
        ("52999999Mz00000018", character(10, 'z')),
        ("52999999MJ-0000018", character(11, '-')),
        ("社会信用代码社会信用代码社会信用代码", character(1, '社')),
        ("5299A999MJ00000018", CreditCodeError::Division { position: 5, found: 'A' }),
        ("52999999MJ00000019", CreditCodeError::CheckCharacter { expected: '8', found: '9' }),
    ] {
        assert_eq!(text.parse::<CreditCode>(), Err(error), "{text}");
    }
}

#[test]
fn the_sentence_names_the_expected_check_character() {
    let error = "52999999MJ00000019".parse::<CreditCode>().unwrap_err();
    assert!(error.zh().contains("应为 8") && error.en().contains("would be 8"));
}

proptest! {
    #[test]
    fn one_wrong_character_is_always_found(
        body in "[1-9][1-9]999999[0-9A-HJ-NP-RTUWXY]{9}",
        at in 8usize..17,
        by in 1usize..31,
    ) {
        let mut right = [0; 18];
        right[..17].copy_from_slice(body.as_bytes());
        right[17] = check_character(&right);
        prop_assert!(str::from_utf8(&right).unwrap().parse::<CreditCode>().is_ok());
        let value = ALPHABET.iter().position(|c| *c == right[at]).unwrap();
        right[at] = ALPHABET[(value + by) % 31];
        prop_assert!(str::from_utf8(&right).unwrap().parse::<CreditCode>().is_err());
    }

    #[test]
    fn never_panics(text in "[0-9A-Za-z中]{17,19}|\\PC{18}") {
        let _ = text.parse::<CreditCode>();
    }
}
