"""All that the Elm Surgery keeps to itself, each piece with one word that nobody else may ever read.

`PRIVATE` stands wherever somebody could write: in what authors told and nobody published, in answers that
came back, in notes, cases, letters' reasons, names and addresses of its people. `BESIDE` stands next to it,
to be searched for.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tellback import clock
from tellback.accounts import registration, sessions, single_sign_on, tokens
from tellback.accounts.models import Account, ApiToken, Membership, Passkey
from tellback.accounts.roles import Role
from tellback.accounts.sessions import How
from tellback.alerts import keeping as alerts
from tellback.alerts import webhooks
from tellback.audit import acts
from tellback.audit.acts import SYSTEM
from tellback.blocking.models import Block
from tellback.moderation import cases, change_decisions, decisions, flags, redaction, reply_decisions
from tellback.moderation.models import Flag, SavedView
from tellback.organisations.models import ComplaintsContact, Organisation, Service
from tellback.outbox.models import OutboxMessage
from tellback.replies import (
    changes,
    complaint_references,
    drafts,
    handing_on,
    relay,
    relay_reports,
    rerouting,
    responding,
)
from tellback.replies.answering_back import AnswerState
from tellback.replies.correcting import CorrectionState
from tellback.replies.models import (
    Absence,
    AbsenceCover,
    AnswerBack,
    AnsweringFor,
    ChangeClaim,
    HandOn,
    RelayReport,
    ReplyCorrection,
    Reroute,
    SecondLook,
)
from tellback.stories.models import DismissedWords, Story
from tellback.stories.submission import new_public_id
from tellback.websites.models import Website, WebsiteOrigin
from tests.people import tell

PRIVATE = "quokka"
BESIDE = "zanzibar"
_TEN_MINUTES = timedelta(minutes=10)
WORDS = f"{BESIDE.title()} {PRIVATE}, and nobody else's business."


@dataclass
class ElmSurgery:
    """Its people, and what an address of ours may name of it, by the name that the route has for it."""

    ids: dict[str, Any]


def build(moira: Account) -> ElmSurgery:
    """Have everything happen at the Elm Surgery that can happen to a practice."""
    practice = Organisation.get(Organisation.code == "G81001")
    keeper = registration.add(
        f"{PRIVATE}@elm.example", f"Gita {PRIVATE}", "three blue ferries", Role.RESPONDER, "G81001"
    )
    sessions.begin(keeper, How.PASSWORD, "")
    passkey = Passkey.create(
        account=keeper, credential_id=b"k", public_key=b"k", name=f"Key of {PRIVATE}", created_at=clock.now()
    )
    registration.add(
        f"{PRIVATE}2@elm.example", f"Wim {PRIVATE}", "three blue ferries", Role.WEBMASTER, "G81001"
    )
    Organisation.update(owner_name=PRIVATE, owner_email=f"{PRIVATE}@elm.example").where(
        Organisation.id == practice.id
    ).execute()
    Service.update(owner_name=PRIVATE, owner_email=f"{PRIVATE}@elm.example").where(
        Service.organisation == practice
    ).execute()

    told = _told(title="Told and not published")
    escalated = _read(_told(title="A worry"), moira)
    case = cases.escalate(escalated, escalated.revision, moira, why=WORDS)
    turned_down = _read(_told(title="Turned down"), moira)
    decisions.reject(turned_down, turned_down.revision, moira, reason="commercial", message=WORDS)
    waiting = _read(_told(title="Decided, not sent"), moira)
    decision = decisions.publish(waiting, waiting.revision, moira, wait=_TEN_MINUTES)

    public = _read(_told(title="Open to all"), moira)
    redaction.redact_words(
        public, public.revision, WORDS, reason="a_persons_name", replacement="[left out]", by=moira
    )
    public = Story.get_by_id(public.id)
    decisions.publish(public, public.revision, moira)
    public = Story.get_by_id(public.id)
    written = {"responder_name": "G", "responder_role": "P", "body": WORDS, "lang": "en"}
    came_back = responding.reply(public, "G81001", written, by=keeper)
    reply_decisions.send_back(came_back, moira, note=WORDS)
    reply = responding.reply(public, "G81001", {**written, "body": f"Again: {WORDS}"}, by=keeper)
    correction = ReplyCorrection.create(
        public_id=new_public_id(),
        reply=reply,
        state=CorrectionState.SUBMITTED.value,
        written_at=clock.now(),
        **{**written, "body": WORDS},
    )
    answer = AnswerBack.create(
        public_id=new_public_id(),
        reply=reply,
        body=WORDS,
        lang="en",
        state=AnswerState.SUBMITTED.value,
        written_at=clock.now(),
    )
    token, let_in = _drafted(public, keeper, practice)
    said = {"state": "planned", "what": WORDS, "why": WORDS, "on": "2027-01", "evidence": "", "lang": "en"}
    changes.record("G81001", [public.public_id], said, by=keeper)
    claim = ChangeClaim.get()
    handed, move, report, absence = _beside_the_answer(public, keeper)
    change_decisions.send_back(claim, moira, note=WORDS)
    flags.tell(public.public_id, "not_true", WORDS)
    flag = Flag.get()

    website = Website.create(
        name=f"Elm {PRIVATE}", site_key="elm-surgery-test", organisation=practice, created_at=clock.now()
    )
    WebsiteOrigin.create(website=website, origin=f"https://{PRIVATE}.elm.example")
    provider = single_sign_on.add(
        "Elm", "G81001", f"https://{PRIVATE}.elm.example", PRIVATE, PRIVATE, by=SYSTEM
    )
    webmaster = Account.get(Account.email == f"{PRIVATE}2@elm.example")
    endpoint, _secret = webhooks.add(
        practice, f"https://{PRIVATE}.elm.example/", ["story.published"], "", by=webmaster
    )
    view = SavedView.create(owner=moira, name=f"About {PRIVATE}", asked={}, shared=True, made_at=clock.now())
    block = Block.create(
        kind="phrase", reason=PRIVATE, phrase=PRIVATE, made_at=clock.now(), until=clock.now() + _TEN_MINUTES
    )
    remembered = DismissedWords.create(
        service=Service.get(Service.code == "G81001"), rule="x", words=PRIVATE, dismissed_at=clock.now()
    )
    assert ComplaintsContact.select().count() == 0, "who deals with complaints is for everyone to read"
    return ElmSurgery(
        {
            "story_id": told.public_id,
            "own_id": public.public_id,
            "reply_id": reply.public_id,
            "answer_id": answer.public_id,
            "correction_id": correction.public_id,
            "change_id": claim.change.public_id,
            "claim_id": claim.public_id,
            "flag_id": flag.public_id,
            "case_id": case.public_id,
            "decision_id": decision.id,
            "site_key": website.site_key,
            "view_id": view.id,
            "block_id": block.id,
            "remembered_id": remembered.id,
            "account_id": keeper.id,
            "membership_id": Membership.get(Membership.account == keeper).id,
            "passkey_id": passkey.id,
            "endpoint_id": endpoint.public_id,
            "alert_id": alerts.add(keeper, alerts.Wish(place="G81001")).id,
            "session_id": sessions.of(keeper, sessions.LIFE)[0].id,
            "slug": provider.slug,
            "code": "G81001",
            "token_id": token.id,
            "let_in_id": let_in.id,
            # Not the surgery's, but needed to make an address.
            "kind": "reject",
            "reason": "commercial",
            "lang": "ur",
            "message_id": OutboxMessage.get().id,
            "purpose": "confirm",
            "way": "next",
            "hand_on_id": handed.public_id,
            "move_id": move.public_id,
            "report_id": report.public_id,
            "absence_id": absence.id,
        }
    )


def _drafted(public: Story, keeper: Account, practice: Organisation) -> tuple[ApiToken, AnsweringFor]:
    """A draft with a colleague's words, a token for a program, and what the practice may answer besides."""
    written = {"service": "G81001", "kind": "answer", "responder_name": "G", "responder_role": "P"}
    draft = drafts.save(public, practice, {**written, "body": WORDS, "lang": "en"}, 0, by=keeper)
    SecondLook.create(
        draft=draft, asked_by=keeper, asked_of=keeper, asked_at=clock.now(), outcome="comment", words=WORDS
    )
    tokens.make(keeper, f"System of {PRIVATE}", 30)
    hospital = Service.get(Service.code == "RXH01")
    let_in = AnsweringFor.create(organisation=practice, service=hospital, allowed_at=clock.now())
    return ApiToken.get(), let_in


def _told(title: str) -> Story:
    return tell(
        service="G81001",
        title=title,
        body=f"The nurse was kind. {WORDS} {title}.",
        topic_words=WORDS,
        contact_email=f"{PRIVATE}@home.example",
    ).story


def _read(story: Story, by: Account) -> Story:
    decisions.open_for_review(story, by)
    return Story.get_by_id(story.id)


def _beside_the_answer(story: Story, keeper: Account) -> tuple[HandOn, Reroute, RelayReport, Absence]:
    """Have it do all that a responder does with a story beside answering it."""
    asked = relay.write_as_author(story, "G81001", WORDS)
    relay.write_as_service(story, "G81001", f"Again: {WORDS}", PRIVATE, by=keeper, after=asked.id)
    report = relay_reports.report(relay.threads_of(story)[0], WORDS, acts.staff(keeper.id))
    handed = handing_on.hand_on(
        story, "G81001", to_whom=PRIVATE, email=f"{PRIVATE}@elm.example", note=WORDS, by=keeper
    )
    move = rerouting.ask(story, "G81001", "RXH01", WORDS, by=keeper)
    complaint_references.keep(story, Organisation.get(Organisation.code == "G81001"), PRIVATE, by=keeper)
    absence = Absence.create(account=keeper, from_on="2026-11-20", to_on="2026-11-30", made_at=clock.now())
    AbsenceCover.create(absence=absence, account=keeper)
    return handed, move, report, absence
