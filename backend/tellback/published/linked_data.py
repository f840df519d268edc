"""Stories and services as schema.org describes them (JSON-LD), for search engines and other programs.

A story is a `UserReview` without a rating: nobody was asked for stars, so none are made up, no average is
given, and no engine shows any. What was good and what could be better are `positiveNotes` and
`negativeNotes`; what services answer and what authors answer back are `Comment`s. Whoever gave no name is a
person without one.
"""

from typing import Any

from tellback.config import Settings
from tellback.http.keeper import keeper as keeper_of

_LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}
# Types that say no more than is known; a ward or a charity's helpline is an organisation.
_KINDS = {"hospital": "Hospital", "gp_practice": "MedicalClinic"}


def of_story(story: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """A published story, as `shown` gives it, with its whole thread."""
    comments = [_reply(story, reply) for reply in story["replies"]]
    said = {
        "@context": "https://schema.org",
        "@type": "UserReview",
        "@id": story["url"],
        "url": story["url"],
        "name": story["title"],
        "reviewBody": story["body"],
        "inLanguage": story["lang"],
        "dateCreated": story["told_at"],
        "datePublished": story["published_at"],
        "author": _author(story),
        "itemReviewed": [_place(service) for service in story["services"]],
        "about": [{"@type": "Thing", "name": topic["name"]} for topic in story["topics"]],
        "positiveNotes": story["what_was_good"],
        "negativeNotes": story["what_could_be_better"],
        "license": _LICENCES.get(story["licence"] or ""),
        "isAccessibleForFree": True,
        "publisher": _keeper(settings),
        "commentCount": len(comments),
        "comment": comments,
    }
    return {name: value for name, value in said.items() if value not in (None, [])}


def of_list(page: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """A page of stories, as `described.stories` gives it: what it is about, and which stories it holds."""
    about = page["about"]
    named = about["service"] or about["organisation"] or about["topic"]
    stories = [story["url"] for story in page["items"] if story["state"] == "published"]
    return {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "@id": named["url"],
        "url": named["url"],
        "name": named["name"],
        "about": _service(about["service"]) if about["service"] else _place(named),
        "publisher": _keeper(settings),
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": page["total"],
            "itemListElement": [
                {"@type": "ListItem", "position": number, "url": url}
                for number, url in enumerate(stories, start=1)
            ],
        },
    }


def _reply(story: dict[str, Any], reply: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": "Comment",
        "@id": f"{story['url']}#reply-{reply['id']}",
        "text": reply["body"],
        "inLanguage": reply["lang"],
        "datePublished": reply["published_at"],
        "name": reply["from"],
        "author": {"@type": "Person", "name": reply["responder_name"], "jobTitle": reply["responder_role"]},
        "comment": [
            {
                "@type": "Comment",
                "text": answer["body"],
                "inLanguage": answer["lang"],
                "datePublished": answer["published_at"],
                "author": _author(story),
            }
            for answer in reply["answers_back"]
        ],
    }


def _author(story: dict[str, Any]) -> dict[str, str]:
    name = story["display_name"]
    return {"@type": "Person", "name": name} if name else {"@type": "Person"}


def _service(service: dict[str, Any]) -> dict[str, Any]:
    run_by = service["organisation"]
    return {
        **_place(service),
        "@type": _KINDS.get(service["kind"], "Organization"),
        "identifier": service["code"],
        "address": {
            "@type": "PostalAddress",
            "addressLocality": service["town"],
            "postalCode": service["postcode"],
            "addressCountry": "GB",
        },
        "parentOrganization": {"@type": "Organization", "name": run_by["name"], "identifier": run_by["code"]},
    }


def _place(named: dict[str, Any]) -> dict[str, Any]:
    kind = "Thing" if "slug" in named else "Organization"
    return {"@type": kind, "@id": named["url"], "name": named["name"], "url": named["url"]}


def _keeper(settings: Settings) -> dict[str, str]:
    told = keeper_of(settings)
    return {"@type": "Organization", "name": told["name"], "url": told["url"]}
