"""Who reads which language at the desk, and who is named for one that nobody there reads."""

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import InvalidInput, NotFound
from tellback.rota import on_call
from tellback.rota.models import Duty, NamedReader
from tellback.translations.languages import LANGUAGES, SOURCE

MOST_LANGUAGES = 20


def read_by(account: Account) -> list[str]:
    """Tags of the languages someone reads besides English."""
    duty = Duty.get_or_none(Duty.account == account)
    return list(duty.languages) if duty else []


def readers(lang: str) -> list[Account]:
    """Those at the desk who read a language (BCP 47; its region and script count for nothing), by name.

    Everyone at the desk reads English.
    """
    tag = _primary(lang)
    people = on_call.moderators()
    if tag == SOURCE:
        return people
    known = {duty.account_id for duty in Duty.select() if tag in map(_primary, duty.languages)}
    return [account for account in people if account.id in known]


def named_reader(lang: str) -> Account | None:
    """Who is to read a story in this language, when nobody at the desk reads it; None for nobody."""
    if _primary(lang) == SOURCE:
        # Everyone reads it, and nobody is named for it.
        return None
    query = NamedReader.select(NamedReader, Account).join(Account)
    named = query.where(NamedReader.lang == _primary(lang), Account.active).first()
    return named.account if named and not readers(lang) else None


def named_readers() -> list[NamedReader]:
    """Everyone who is named for a language, by its tag."""
    return list(NamedReader.select(NamedReader, Account).join(Account).order_by(NamedReader.lang))


def keep_own(account: Account, tags: list[str]) -> None:
    """Say which languages one reads oneself. Raises NotAllowed, and InvalidInput for one not offered."""
    require(account, Action.READ_UNPUBLISHED)
    known = _known(tags)
    with transaction():
        on_call.duty_of(account.id)
        Duty.update(languages=known).where(Duty.account == account).execute()
        acts.record(
            acts.Act.READERS_CHANGED, acts.staff(account.id), "rota", str(account.id), languages=known
        )


def name_reader(lang: str, account: Account, *, by: Account) -> None:
    """Name who reads stories in a language that nobody else reads; instead of whoever was named before.

    Raises NotAllowed, and InvalidInput for a language we do not offer or someone who reads no stories here.
    """
    require(by, Action.KEEP_ROTA)
    (tag,) = _known([lang])
    on_call.require_moderator(account)
    with transaction():
        NamedReader.delete().where(NamedReader.lang == tag).execute()
        NamedReader.create(lang=tag, account=account)
        acts.record(acts.Act.READERS_CHANGED, acts.staff(by.id), "rota", "named", lang=tag, reader=account.id)


def forget_reader(lang: str, *, by: Account) -> None:
    """Name nobody for a language any more. Raises NotAllowed, and NotFound when nobody was."""
    require(by, Action.KEEP_ROTA)
    with transaction():
        if not NamedReader.delete().where(NamedReader.lang == lang).execute():
            raise NotFound("Nobody is named for this language.")
        acts.record(acts.Act.READERS_CHANGED, acts.staff(by.id), "rota", "named", lang=lang, reader=None)


def _primary(lang: str) -> str:
    return lang.replace("_", "-").partition("-")[0].lower()


def _known(tags: list[str]) -> list[str]:
    found = list(dict.fromkeys(_primary(tag) for tag in tags))
    offered = {_primary(tag) for tag in LANGUAGES} - {SOURCE}
    if len(found) > MOST_LANGUAGES or not set(found) <= offered:
        raise InvalidInput(errors={"languages": ["Choose languages from the list."]})
    return found
