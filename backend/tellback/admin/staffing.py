"""What administrators see of the people who sign in, and what each sees of their own account."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import url_for

from tellback.accounts import passkeys, people, second_factors, sessions, single_sign_on
from tellback.accounts.models import Account, IdentityProvider, LinkedIdentity, Membership, StaffSession
from tellback.accounts.roles import INSTALLATION_ROLES, Action, Role, may_somewhere
from tellback.admin import wording
from tellback.admin.exports import Cell
from tellback.audit import acts
from tellback.audit.acts import Act
from tellback.audit.models import AuditEvent
from tellback.config import Settings
from tellback.stories import qr

COLUMNS = ("Name", "Email address", "Roles", "State", "Second factor", "Since")
# Of what happened to an account, what one screen shows, the latest first.
HISTORY = 30

ROLES = {
    Role.ADMINISTRATOR: "Administrator",
    Role.MODERATOR: "Moderator",
    Role.RESPONDER: "Responder",
    Role.ANALYST: "Analyst",
    Role.WEBMASTER: "Webmaster",
}
_MAY = {
    Role.ADMINISTRATOR: "everything a moderator may; people, the store and the settings",
    Role.MODERATOR: "reads and decides every story; belongs to no organisation",
    Role.RESPONDER: "answers stories of one organisation, and says what changed",
    Role.ANALYST: "reads the published stories of one organisation, and writes nothing",
    Role.WEBMASTER: "keeps the websites of one organisation",
}
# Letters that one may have or not, and where that is chosen. Those about how one signs in always come.
_LETTERS = (
    ("In the morning, what waits on the desk", "admin.rota", Action.READ_UNPUBLISHED),
    ("Each week, how far the public ledger has come", "admin.witnessing", Action.KEEP_WEBSITES),
)
_SAID = {
    Act.ACCOUNT_ADDED: "gave a role",
    Act.ROLE_TAKEN: "took a role",
    Act.ACCOUNT_INVITED: "sent an invitation",
    Act.ACCOUNT_JOINED: "joined",
    Act.ACCOUNT_SUSPENDED: "suspended the account",
    Act.ACCOUNT_RESUMED: "let them sign in again",
    Act.TOKEN_MADE: "made a token for a program",
    Act.TOKEN_REVOKED: "revoked a program’s token",
    Act.PASSWORD_SET: "chose a password",
    Act.PASSWORD_ASKED: "asked for a letter with a new password",
    Act.SESSION_BEGUN: "signed in",
    Act.SESSION_REFUSED: "was refused",
    Act.SESSION_CONFIRMED: "confirmed who they are",
    Act.SESSION_ENDED: "ended sessions",
    Act.APP_SET_UP: "set up an app's codes",
    Act.APP_REMOVED: "took the app's codes away",
    Act.RECOVERY_CODES_MADE: "made recovery codes",
    Act.PASSKEY_ADDED: "added a passkey",
    Act.PASSKEY_REMOVED: "removed a passkey",
    Act.FACTORS_RESET: "took all second factors away",
    Act.IDENTITY_LINKED: "signed in by their organisation for the first time",
}


def describe_list(words: str, role: str, page: int) -> dict[str, Any]:
    """One screen of people, as `staff/people.html` shows it; pages count from 1."""
    found = people.find(words, role, page)
    sought: dict[str, Any] = {"q": words or None, "role": role or None}
    return {
        "people": [_in_list(account) for account in found.people],
        "total": found.total,
        "values": {"q": words, "role": role},
        "roles": [(one.value, called) for one, called in ROLES.items()],
        "urls": {
            "here": url_for("admin.people"),
            "invite": url_for("admin.new_person"),
            "providers": url_for("admin.providers") if single_sign_on.available() else None,
            "export": url_for("admin.people_file"),
            "previous": url_for("admin.people", page=page - 1, **sought) if page > 1 else None,
            "next": (
                url_for("admin.people", page=page + 1, **sought) if page * people.PAGE < found.total else None
            ),
        },
    }


def rows() -> Iterator[tuple[Cell, ...]]:
    """Everyone as a line of a file, in the order of the list."""
    page, found = 1, people.find()
    while found.people:
        for account in found.people:
            listed = _in_list(account)
            said = (listed["name"], listed["email"], listed["roles"], listed["state_words"])
            yield (*said, listed["second"], account.created_at.date())
        page += 1
        found = people.find(page=page)


def describe_invitation() -> dict[str, Any]:
    """The form to invite somebody, as `staff/people_new.html` shows it."""
    return {
        "roles": [(one.value, f"{called}: {_MAY[one]}") for one, called in ROLES.items()],
        "urls": {"back": url_for("admin.people"), "send": url_for("admin.invite")},
    }


def describe_person(account: Account, me: Account, settings: Settings) -> dict[str, Any]:
    """One person for whoever keeps people, as `staff/people_one.html` shows it."""
    to = {"account_id": account.id}
    return {
        "person": {
            **_in_list(account),
            "is_me": account == me,
            "passkeys": len(passkeys.of(account)),
            "app": second_factors.has_app(account),
            "recovery_codes": second_factors.left(account),
        },
        "held": [
            {
                "role": ROLES[Role(held.role)],
                "organisation": held.organisation.name if held.organisation else None,
                "take_url": url_for("admin.take_role", membership_id=held.id, **to),
            }
            for held in account.memberships
        ],
        "roles": [(one.value, called) for one, called in ROLES.items()],
        "sessions": [_session(one) for one in sessions.of(account, settings.session_idle)],
        "history": _history(account),
        "urls": {
            "back": url_for("admin.people"),
            "give_role": url_for("admin.give_role", **to),
            "suspend": url_for("admin.suspend", **to),
            "resume": url_for("admin.resume", **to),
            "end_sessions": url_for("admin.end_sessions", **to),
            "reset": url_for("admin.reset_factors", **to),
            "invite_again": url_for("admin.invite_again", **to),
            "withdraw": url_for("admin.withdraw_invitation", **to),
        },
    }


def describe_own(account: Account, session: StaffSession, settings: Settings) -> dict[str, Any]:
    """One's own account, as `staff/own_account.html` shows it."""
    links = LinkedIdentity.select(LinkedIdentity, IdentityProvider).join(IdentityProvider)
    return {
        "account": {
            "name": account.name,
            "email": account.email,
            "roles": [_role(held) for held in account.memberships],
            "app": second_factors.has_app(account),
            "recovery_codes": second_factors.left(account),
            "second": second_factors.has(account),
            "organisations": [link.provider.name for link in links.where(LinkedIdentity.account == account)],
        },
        "required": settings.second_factor_required
        and any(Role(held.role) in INSTALLATION_ROLES for held in account.memberships),
        "passkeys": [
            {
                "name": one.name,
                "added_on": one.created_at.date().isoformat(),
                "used_on": one.used_at.date().isoformat() if one.used_at else None,
                "remove_url": url_for("admin.remove_passkey", passkey_id=one.id),
            }
            for one in passkeys.of(account)
        ],
        "passkeys_possible": passkeys.possible(settings.public_url),
        "sessions": [
            _session(one, here=one == session) for one in sessions.of(account, settings.session_idle)
        ],
        "letters": [
            {"what": what, "url": url_for(route)}
            for what, route, action in _LETTERS
            if may_somewhere(account, action)
        ],
        "tokens_url": url_for("admin.own_tokens") if may_somewhere(account, Action.WRITE_REPLIES) else None,
        "urls": {
            "password": url_for("admin.change_password"),
            "app": url_for("admin.new_app"),
            "remove_app": url_for("admin.remove_app"),
            "recovery_codes": url_for("admin.new_recovery_codes"),
            "passkey": url_for("admin.add_passkey"),
            "question": url_for("admin.ask_new_passkey"),
            "end_others": url_for("admin.end_other_sessions"),
        },
    }


def describe_app(account: Account, key: str, keeper: str) -> dict[str, Any]:
    """A key for one's app, to be read by its camera or typed, as `staff/own_app.html` shows it."""
    return {
        "key": key,
        "in_groups": second_factors.in_groups(key),
        "qr": qr.code(second_factors.address(key, account, keeper)),
        "urls": {"back": url_for("admin.own_account"), "send": url_for("admin.set_up_app")},
    }


def describe_providers() -> dict[str, Any]:
    """Where organisations' people sign in, as `staff/people_providers.html` shows it."""
    return {
        "providers": [
            {
                "name": one.name,
                "url": url_for("admin.provider", slug=one.slug),
                "organisation": one.organisation.name if one.organisation else None,
                "issuer": one.issuer,
                "active": one.active,
            }
            for one in single_sign_on.every()
        ],
        "urls": {"back": url_for("admin.people"), "new": url_for("admin.new_provider")},
    }


def describe_provider(provider: IdentityProvider | None, public_url: str) -> dict[str, Any]:
    """The form of a provider, or of a new one, as `staff/people_provider.html` shows it."""
    slug = provider.slug if provider else None
    return {
        "provider": provider
        and {
            "name": provider.name,
            "organisation": provider.organisation.name if provider.organisation else None,
            "back_to": f"{public_url}{url_for('accounts.back_from', slug=slug)}",
        },
        "values": {
            "name": provider.name,
            "issuer": provider.issuer,
            "client_id": provider.client_id,
            "active": "true" if provider.active else "",
        }
        if provider
        else {},
        "urls": {
            "back": url_for("admin.providers"),
            "send": url_for("admin.change_provider", slug=slug) if slug else url_for("admin.add_provider"),
        },
    }


def _in_list(account: Account) -> dict[str, Any]:
    words, colour = _state(account)
    return {
        "url": url_for("admin.person", account_id=account.id),
        "name": account.name,
        "email": account.email,
        "roles": [_role(held) for held in account.memberships],
        "active": account.active,
        "invited": account.invited_at is not None,
        "state_words": words,
        "colour": colour,
        "second": "yes" if second_factors.has(account) else "no",
        "since": account.created_at.date().isoformat(),
    }


def _state(account: Account) -> tuple[str, str]:
    if not account.active:
        return "Suspended", "red"
    return ("Invited", "yellow") if account.invited_at else ("Active", "green")


def _role(held: Membership) -> str:
    called = ROLES[Role(held.role)]
    return f"{called} of {held.organisation.name}" if held.organisation else called


def _session(one: StaffSession, *, here: bool = False) -> dict[str, Any]:
    return {
        "device": one.device,
        "how": one.how,
        "here": here,
        "began": _moment(one.began_at),
        "seen": wording.waiting(one.seen_at),
        "end_url": url_for("admin.end_session", session_id=one.id),
    }


def _history(account: Account) -> list[dict[str, str]]:
    events = acts.time_line("account", str(account.id))[-HISTORY:]
    ids = {int(event.actor_id) for event in events if event.actor_kind == "staff"}
    names = {one.id: one.name for one in Account.select().where(Account.id.in_(ids))}
    return [_event(event, names) for event in reversed(events)]


def _event(event: AuditEvent, names: dict[int, str]) -> dict[str, str]:
    actor = {"staff": names.get(int(event.actor_id or 0), "someone who has left"), "visitor": "Somebody"}
    told = event.detail
    facts = [told.get(name) for name in ("role", "organisation", "how", "wrong", "device", "provider")]
    more = ", ".join(str(fact) for fact in facts if fact)
    text = _SAID.get(Act(event.act), event.act)
    return {
        "at": _moment(event.at),
        "actor": actor.get(event.actor_kind, "The system"),
        "text": f"{text} ({more})" if more else text,
    }


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
