use super::on_both;
use super::world::{Dialect, NET, PASSWORD, World, id_in, refused, run, run_as, version_in};
use crate::error::Kind;
use crate::staff::{OwnEnrolmentV1, PasswordChangeV1, SignInV1};
use anmin_authz::id::PersonId;
use anmin_store::{DeploymentKind, Id};

/// Wrong in every way that can be told apart, and in one that cannot.
fn guess(login: &str, n: u32) -> SignInV1 {
    SignInV1 {
        login: login.into(),
        password: format!("guess number {n}"),
        code: "000000".into(),
        device: None,
    }
}

on_both! {
    async fn a_token_enrols_three_and_no_fourth(world: &mut World) {
        let token = world.office.store().enrolment_token(world.now.at).await.unwrap();
        assert_eq!(world.office.roles_wanted(&token, world.now).await.unwrap().len(), 3);
        let nobody = refused(world.office.enrol_first(&world.first("0", "one", None), world.now).await);
        assert_eq!(nobody.code, "enrolment_over");
        let mut bare = world.first(&token, "one", None);
        bare.bureau = None;
        assert_eq!(refused(world.office.enrol_first(&bare, world.now).await).fields[0].at, "bureau");
        for (login, role) in [("one", None), ("two", Some("audit_admin")), ("three", None)] {
            let input = world.first(&token, login, role);
            let signed = world.office.enrol_first(&input, world.now).await.unwrap();
            assert_eq!(signed.posts.len(), 1, "{login}");
            if let Some(role) = role {
                assert_eq!(signed.posts[0].role, role);
            }
        }
        let fourth = refused(world.office.enrol_first(&world.first(&token, "four", None), world.now).await);
        assert_eq!((fourth.kind, fourth.code.as_str()), (Kind::Forbidden, "enrolment_over"));
        // One bureau, whatever each of them wrote.
        assert_eq!(world.office.rights().units.len(), 1);
    }

    async fn a_token_is_dead_after_half_an_hour_and_a_role_is_not_taken_twice(world: &mut World) {
        let token = world.office.store().enrolment_token(world.now.at).await.unwrap();
        let input = world.first(&token, "one", Some("security_admin"));
        world.office.enrol_first(&input, world.now).await.unwrap();
        let twice = world.first(&token, "two", Some("security_admin"));
        assert_eq!(refused(world.office.enrol_first(&twice, world.now).await).code, "role_taken");
        let same = world.first(&token, "one", Some("audit_admin"));
        assert_eq!(refused(world.office.enrol_first(&same, world.now).await).fields[0].at, "login");
        world.later(30 * 60);
        let late = world.first(&token, "two", None);
        assert_eq!(refused(world.office.enrol_first(&late, world.now).await).code, "enrolment_over");
    }

    async fn a_code_is_accepted_once(world: &mut World) {
        world.bureau().await;
        world.later(60);
        let input = world.sign_in("audit");
        let signed = world.office.sign_in(&input, NET, world.now).await.unwrap();
        assert_eq!(signed.posts[0].role, "audit_admin");
        let again = refused(world.office.sign_in(&input, NET, world.now).await);
        assert_eq!((again.kind, again.code.as_str()), (Kind::SignIn, "sign_in_failed"));
        // The code of the half minute before, which was not used, is worth nothing either.
        world.later(30);
        let next = world.sign_in("audit");
        world.office.sign_in(&next, NET, world.now).await.unwrap();
    }

    async fn nobody_learns_which_part_was_wrong(world: &mut World) {
        world.bureau().await;
        world.later(60);
        let right = world.sign_in("audit");
        let wrong = [
            SignInV1 { login: "nobody".into(), ..right.clone() },
            SignInV1 { password: "something else".into(), ..right.clone() },
            SignInV1 { code: "000000".into(), ..right.clone() },
            SignInV1 { code: String::new(), ..right.clone() },
            SignInV1 { login: String::new(), ..right.clone() },
        ];
        let mut said = Vec::new();
        for input in wrong {
            world.later(20 * 60);
            let refusal = refused(world.office.sign_in(&input, NET, world.now).await);
            said.push((refusal.kind, refusal.code, refusal.text, refusal.next));
        }
        assert!(said.windows(2).all(|pair| pair[0] == pair[1]), "{said:?}");
    }

    async fn ten_guesses_at_most_are_looked_at_in_a_quarter_of_an_hour(world: &mut World) {
        world.bureau().await;
        let mut looked_at = 0;
        for n in 0..900 {
            world.later(1);
            // From another network each time: only the account counts.
            let net = format!("10.{}.{}", n / 250, n % 250);
            let refusal = refused(world.office.sign_in(&guess("audit", n), &net, world.now).await);
            match refusal.kind {
                Kind::SignIn => looked_at += 1,
                kind => assert_eq!(kind, Kind::TooMany),
            }
        }
        assert!((5..=10).contains(&looked_at), "{looked_at}");
        // The right password waits like any other, and is then let in: nobody is locked out for good.
        assert_eq!(refused(world.office.sign_in(&world.sign_in("audit"), NET, world.now).await).kind, Kind::TooMany);
        world.later(900);
        world.office.sign_in(&world.sign_in("audit"), NET, world.now).await.unwrap();
        world.later(60);
        world.office.sign_in(&world.sign_in("audit"), NET, world.now).await.unwrap();
    }

    async fn guesses_from_one_network_are_slowed_whatever_the_login(world: &mut World) {
        world.bureau().await;
        let mut looked_at = 0;
        for n in 0..300 {
            world.later(1);
            let refusal = refused(world.office.sign_in(&guess(&format!("user{n}"), n), "10.9.9", world.now).await);
            looked_at += u32::from(refusal.kind == Kind::SignIn);
        }
        assert!(looked_at <= 10, "{looked_at}");
        world.office.sign_in(&world.sign_in("audit"), NET, world.now).await.unwrap();
    }

    async fn who_guesses_from_outside_keeps_nobody_from_their_own_desk(world: &mut World) {
        world.bureau().await;
        let device = world.enter("audit").await.device;
        for n in 0..20 {
            world.later(1);
            let _ = world.office.sign_in(&guess("audit", n), NET, world.now).await;
        }
        let from_elsewhere = world.sign_in("audit");
        assert_eq!(refused(world.office.sign_in(&from_elsewhere, NET, world.now).await).kind, Kind::TooMany);
        // It is known for this login only.
        let other = SignInV1 { device: Some(device.clone()), ..world.sign_in("system") };
        assert_eq!(refused(world.office.sign_in(&other, NET, world.now).await).kind, Kind::TooMany);
        let at_the_desk = SignInV1 { device: Some(device.clone()), ..from_elsewhere };
        world.later(5);
        assert_eq!(refused(world.office.sign_in(&world.sign_in("audit"), NET, world.now).await).kind, Kind::TooMany);
        world.later(25);
        let at_the_desk = SignInV1 { code: world.sign_in("audit").code, ..at_the_desk };
        world.office.sign_in(&at_the_desk, NET, world.now).await.unwrap();
        // Guesses from it wait too.
        let wrong = SignInV1 { device: Some(device), ..guess("audit", 0) };
        assert_eq!(refused(world.office.sign_in(&wrong, NET, world.now).await).kind, Kind::SignIn);
        assert_eq!(refused(world.office.sign_in(&wrong, NET, world.now).await).kind, Kind::TooMany);
    }

    async fn many_guesses_at_the_same_moment_are_counted_one_by_one(world: &mut World) {
        world.bureau().await;
        let mut guesses = Vec::new();
        for n in 0..30 {
            let (office, now) = (world.office.clone(), world.now);
            guesses.push(tokio::spawn(async move { office.sign_in(&guess("audit", n), "10.7.7", now).await }));
        }
        let mut looked_at = 0;
        for one in guesses {
            looked_at += u32::from(refused(one.await.unwrap()).kind == Kind::SignIn);
        }
        assert_eq!(looked_at, 1);
    }

    async fn a_session_ends_when_idle_and_after_twelve_hours(world: &mut World) {
        world.bureau().await;
        let token = world.enter("audit").await.token;
        let caller = world.office.caller(&token, world.now).await.unwrap();
        assert_eq!(Id(caller.person.0), world.person("audit"));
        world.later(29 * 60);
        world.office.caller(&token, world.now).await.unwrap();
        world.later(31 * 60);
        assert_eq!(refused(world.office.caller(&token, world.now).await).kind, Kind::SignIn);
        let token = world.enter("audit").await.token;
        for _ in 0..28 {
            world.later(25 * 60);
            world.office.caller(&token, world.now).await.unwrap();
        }
        world.later(19 * 60);
        world.office.caller(&token, world.now).await.unwrap();
        world.later(2 * 60);
        assert_eq!(refused(world.office.caller(&token, world.now).await).kind, Kind::SignIn);
        assert_eq!(refused(world.office.caller("", world.now).await).kind, Kind::SignIn);
    }

    async fn stepping_up_takes_a_new_code_and_gives_a_new_token(world: &mut World) {
        world.bureau().await;
        let token = world.enter("security").await.token;
        let used = world.sign_in("security").code;
        assert_eq!(refused(world.office.step_up(&token, &used, world.now).await).code, "code_wrong");
        assert_eq!(refused(world.office.step_up(&token, &used, world.now).await).kind, Kind::TooMany);
        world.later(600);
        let caller = world.office.caller(&token, world.now).await.unwrap();
        assert!(!world.office.is_stepped_up(&caller, world.now));
        let code = world.sign_in("security").code;
        let new = world.office.step_up(&token, &code, world.now).await.unwrap();
        assert_eq!(refused(world.office.caller(&token, world.now).await).kind, Kind::SignIn);
        let caller = world.office.caller(&new, world.now).await.unwrap();
        assert!(world.office.is_stepped_up(&caller, world.now));
    }

    async fn a_new_password_ends_all_other_sessions(world: &mut World) {
        world.bureau().await;
        let (one, other) = (world.enter("audit").await.token, world.enter("audit").await.token);
        let change = |old: &str, new: &str| PasswordChangeV1 { old: old.into(), password: new.into() };
        for weak in ["short", "1234567890", "auditaudit1", PASSWORD] {
            let refusal = refused(world.office.change_password(&one, &change(PASSWORD, weak), world.now).await);
            assert_eq!(refusal.fields[0].at, "password", "{weak}");
        }
        let wrong = change("not it at all", "a fresh and long one");
        assert_eq!(refused(world.office.change_password(&one, &wrong, world.now).await).fields[0].at, "old");
        assert_eq!(refused(world.office.change_password(&one, &wrong, world.now).await).kind, Kind::TooMany);
        let token = world.enter("audit").await.token;
        let new = change(PASSWORD, "a fresh and long one");
        let signed = world.office.change_password(&token, &new, world.now).await.unwrap();
        for dead in [&one, &other, &token] {
            assert_eq!(refused(world.office.caller(dead, world.now).await).kind, Kind::SignIn);
        }
        world.office.caller(&signed.token, world.now).await.unwrap();
        world.later(60);
        assert_eq!(refused(world.office.sign_in(&world.sign_in("audit"), NET, world.now).await).kind, Kind::SignIn);
        world.later(900);
        let input = SignInV1 { password: "a fresh and long one".into(), ..world.sign_in("audit") };
        world.office.sign_in(&input, NET, world.now).await.unwrap();
    }

    async fn signing_out_ends_the_session_and_is_in_the_journal(world: &mut World) {
        world.bureau().await;
        let token = world.enter("audit").await.token;
        world.office.sign_out(&token, world.now).await.unwrap();
        world.office.sign_out(&token, world.now).await.unwrap();
        assert_eq!(refused(world.office.caller(&token, world.now).await).kind, Kind::SignIn);
        world.office.store().seal(world.now.at, true).await.unwrap();
        let verdict = world.office.store().verify_state().await.unwrap();
        assert!(verdict.findings.is_empty() && verdict.entries > 0, "{verdict:?}");
    }

    async fn a_login_is_worth_nothing_until_its_owner_has_enrolled(world: &mut World) {
        world.bureau().await;
        let caller = world.caller("security");
        let made = world.make_login(&caller, "clerk").await.unwrap();
        let account = id_in(&made.result, "account");
        let code = made.code.unwrap();
        assert!(!String::from_utf8_lossy(&made.result).contains(&code));
        let enrol = |world: &World, code: &str, password: &str| OwnEnrolmentV1 {
            login: "clerk".into(),
            enrolment: code.into(),
            password: password.into(),
            second_factor: world.first_code("clerk"),
        };
        let wrong = enrol(world, "2222-2222-2222", PASSWORD);
        assert_eq!(refused(world.office.enrol(&wrong, NET, world.now).await).code, "sign_in_failed");
        world.later(60);
        let weak = enrol(world, &code, "职员clerk的密码在这里");
        assert_eq!(refused(world.office.enrol(&weak, NET, world.now).await).fields[0].at, "password");
        let mut forged = enrol(world, &code, PASSWORD);
        forged.second_factor.secret = world.office.second_factor("other").unwrap().secret;
        assert_eq!(refused(world.office.enrol(&forged, NET, world.now).await).fields[0].at, "second_factor");
        let right = enrol(world, &code, PASSWORD);
        let signed = world.office.enrol(&right, NET, world.now).await.unwrap();
        assert!(signed.posts.is_empty());
        assert_eq!(refused(world.office.enrol(&right, NET, world.now).await).code, "sign_in_failed");

        // A new code ends the session; the old second factor goes on until the new one is there.
        let renewed = world.office.renew_enrolment(&world.order(&caller), account, 2).await.unwrap();
        assert_eq!(refused(world.office.caller(&signed.token, world.now).await).kind, Kind::SignIn);
        world.later(3 * 86_400);
        let late = enrol(world, &renewed.code.unwrap(), PASSWORD);
        assert_eq!(refused(world.office.enrol(&late, NET, world.now).await).code, "sign_in_failed");
        world.later(60);
        let still = SignInV1 {
            login: "clerk".into(),
            password: PASSWORD.into(),
            code: world.code(&right.second_factor.secret),
            device: None,
        };
        let signed = world.office.sign_in(&still, NET, world.now).await.unwrap();
        let closed = world.office.close_login(&world.order(&caller), account, 4).await.unwrap();
        assert_eq!(refused(world.office.caller(&signed.token, world.now).await).kind, Kind::SignIn);
        world.later(60);
        let still = SignInV1 { code: world.code(&right.second_factor.secret), ..still };
        assert_eq!(refused(world.office.sign_in(&still, NET, world.now).await).code, "sign_in_failed");
        let opened = world.office.open_login(&world.order(&caller), account, version_in(&closed)).await;
        opened.unwrap();
        let stale = world.office.close_login(&world.order(&caller), account, 4).await;
        assert_eq!(refused(stale).kind, Kind::Conflict);
    }

    async fn a_repeated_request_makes_one_login_and_tells_its_code_once(world: &mut World) {
        world.bureau().await;
        let caller = world.caller("security");
        let key = world.office.store().request_key("create_login");
        let mut order = world.order(&caller);
        order.request = Some((&key, b"form"));
        let input = crate::staff::NewLoginV1 { name: "职员".into(), login: "clerk".into(), resident_id: None };
        let first = world.office.create_login(&order, &input).await.unwrap();
        let again = world.office.create_login(&order, &input).await.unwrap();
        assert_eq!(first.result, again.result);
        assert!(first.code.is_some() && again.code.is_none());
        let other = crate::staff::NewLoginV1 { login: "clerk".into(), ..input };
        let taken = refused(world.office.create_login(&world.order(&caller), &other).await);
        assert_eq!(taken.fields[0].at, "login");
    }

    async fn logins_are_for_security_administrators_and_not_their_own(world: &mut World) {
        world.bureau().await;
        for other in ["system", "audit"] {
            let caller = world.caller(other);
            assert_eq!(refused(world.make_login(&caller, "clerk").await).kind, Kind::Forbidden, "{other}");
            assert_eq!(refused(world.office.logins(&world.order(&caller)).await).kind, Kind::Forbidden);
        }
        let caller = world.caller("security");
        let lines = world.office.logins(&world.order(&caller)).await.unwrap();
        assert_eq!(lines.len(), 5, "one's own is not among them: {lines:?}");
        let deputy = world.caller("security2");
        let all = world.office.logins(&world.order(&deputy)).await.unwrap();
        let own = all.iter().find(|line| line.login == "security").unwrap();
        let account = Id::parse(&own.account).unwrap();
        let closed = world.office.close_login(&world.order(&caller), account, own.version).await;
        assert_eq!(refused(closed).kind, Kind::NotFound);
    }
}

#[test]
fn demo_people_sign_in_without_a_password_in_a_demonstration_only() {
    run(Dialect::Sqlite, async |world: &mut World| {
        world.bureau().await;
        let person = PersonId(world.person("audit").0);
        assert_eq!(refused(world.office.demo_sign_in(person, world.now).await).code, "no_demo");
    });
    run_as(Dialect::Sqlite, DeploymentKind::Demo, async |world: &mut World| {
        world.bureau().await;
        let person = PersonId(world.person("audit").0);
        let signed = world.office.demo_sign_in(person, world.now).await.unwrap();
        assert_eq!(signed.posts[0].role, "audit_admin");
        world.office.caller(&signed.token, world.now).await.unwrap();
        assert_eq!(refused(world.office.demo_sign_in(PersonId(7), world.now).await).kind, Kind::NotFound);
    });
}
