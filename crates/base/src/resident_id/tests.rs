//! All numbers stand on the divisions 999999 and 000000, which do not exist: no person has them.

use super::*;
use proptest::prelude::*;

fn id(text: &str) -> ResidentId {
    text.parse().unwrap()
}

#[test]
fn reads_numbers_whose_check_character_fits() {
    for (text, birth, sex) in [
        ("999999194609150014", "1946-09-15", Sex::Male),
        ("999999200002290027", "2000-02-29", Sex::Female),
        ("000000199912319999", "1999-12-31", Sex::Male),
        ("999999192601010034", "1926-01-01", Sex::Male),
        ("99999919460915009X", "1946-09-15", Sex::Male),
    ] {
        let id = id(text);
        assert_eq!(id.reveal(), text);
        assert_eq!(id.birth().to_string(), birth);
        assert_eq!(id.sex(), sex);
        assert_eq!(id.division_prefix(), &text[..6]);
    }
}

#[test]
fn brings_every_writing_to_one_form() {
    let expected = id("99999919460915009X");
    assert_eq!(id("99999919460915009x"), expected);
    assert_eq!(id("９９９９９９１９４６０９１５００９Ｘ"), expected);
    assert_eq!(id("99999919460915009ｘ"), expected);
    assert_eq!(id("999999460915009"), expected);
}

#[test]
fn refuses_and_says_why() {
    let character = |position, found| ResidentIdError::Character { position, found };
    let birth = |year, month, day| ResidentIdError::BirthDate { year, month, day };
    let check = |expected, found| ResidentIdError::CheckCharacter { expected, found };
    for (text, error) in [
        ("", ResidentIdError::Length { found: 0 }),
        ("99999919460915001", ResidentIdError::Length { found: 17 }),
        ("9999991946091500144", ResidentIdError::Length { found: 19 }),
        (" 99999919460915001", character(1, ' ')),
        ("99999919460915OO14", character(15, 'O')),
        ("X99999194609150014", character(1, 'X')),
        ("99999946091500X", character(15, 'X')),
        ("９９９９９９１９４６０９１５００９Ａ", character(18, 'Ａ')),
        ("999999194602300014", birth(1946, 2, 30)),
        ("999999194613150014", birth(1946, 13, 15)),
        ("999999190002290014", birth(1900, 2, 29)),
        ("999999179912310014", birth(1799, 12, 31)),
        ("999999000001010014", birth(0, 1, 1)),
        ("999999460230001", birth(1946, 2, 30)),
        ("999999194609150015", check('4', '5')),
        ("99999919460915001X", check('4', 'X')),
        ("999999194609150090", check('X', '0')),
    ] {
        assert_eq!(text.parse::<ResidentId>(), Err(error), "{text}");
    }
}

#[test]
fn the_sentence_names_the_expected_check_character() {
    let error = "999999194609150015".parse::<ResidentId>().unwrap_err();
    assert!(error.zh().contains("应为 4") && error.en().contains("would be 4"));
}

#[test]
fn never_shows_itself() {
    let id = id("99999919460915009X");
    assert_eq!(id.masked(), "9999**********009X");
    assert_eq!(format!("{id:?}"), "ResidentId(9999**********009X)");
}

#[test]
fn made_up_numbers_need_fitting_parts() {
    let birth = Date::ymd(1946, 9, 15);
    assert_eq!(ResidentId::from_parts(999_999, birth, 9), Some(id("99999919460915009X")));
    assert_eq!(ResidentId::from_parts(1_000_000, birth, 9), None);
    assert_eq!(ResidentId::from_parts(999_999, birth, 1000), None);
    assert_eq!(ResidentId::from_parts(999_999, Date::ymd(1799, 1, 1), 9), None);
}

fn ids() -> impl Strategy<Value = ResidentId> {
    let births = Date::ymd(1900, 1, 1).days()..Date::ymd(2100, 1, 1).days();
    (births, 0u16..1000)
        .prop_map(|(days, seq)| ResidentId::from_parts(999_999, Date::from_days(days), seq).unwrap())
}

proptest! {
    #[test]
    fn what_is_revealed_is_read_back(id in ids()) {
        prop_assert_eq!(id.reveal().parse(), Ok(id));
    }

    #[test]
    fn the_closed_form_of_the_check_agrees(id in ids()) {
        // (1 - 2 * the first 17 read in base 13) mod 11.
        let read = id.reveal().bytes().take(17)
            .fold(0i64, |sum, digit| (sum * 13 + i64::from(digit - b'0')) % 11);
        let check = (1 - 2 * read).rem_euclid(11);
        let expected = if check == 10 { "X".to_string() } else { check.to_string() };
        prop_assert_eq!(&id.reveal()[17..], expected);
    }

    #[test]
    fn one_wrong_digit_is_always_found(id in ids(), at in 0usize..17, by in 1u8..10) {
        let mut wrong = id.characters;
        wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
        prop_assert!(str::from_utf8(&wrong).unwrap().parse::<ResidentId>().is_err());
    }

    #[test]
    fn masked_hides_the_birth_date(id in ids()) {
        prop_assert_eq!(&id.masked()[4..14], "**********");
    }

    #[test]
    fn never_panics(text in "[0-9xX１Ｘ年 ]{14,19}|\\PC{18}") {
        let _ = text.parse::<ResidentId>();
    }
}
