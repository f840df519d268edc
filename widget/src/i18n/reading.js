/**
 * English words of the first view: the box, its list, a story. Bundled; every other language is measured by it: the
 * same keys, the same {placeholders}.
 * Keys that end in _one, _other (and _zero, _two, _few, _many elsewhere) are plural forms chosen by Intl.PluralRules.
 * Voice: reading age nine, "you" and "we", verbs first, no exclamation marks; an error says what to do.
 */
export default {
  // The box and its list
  heading: "Patients’ stories",
  showing_one: "Showing {shown} of {total} story told here · newest first",
  showing_other: "Showing {shown} of {total} stories told here · newest first",
  form_only_one: "Showing {shown} of {total} story told here · {read}",
  form_only_other: "Showing {shown} of {total} stories told here · {read}",
  read_them: "read them",
  none_yet: "No story has been told here yet.",
  none_yet_invite:
    "Yours could be the first. It helps the people who come after you, and the people who give care.",
  more: "Show more stories",
  more_failed:
    "We could not fetch more stories. Check your connection, then press “Show more stories” again.",
  loading: "Fetching stories",
  kept_independent: "Kept by {keeper}, independent of this service · {how}",
  kept_part: "Kept by {keeper}, part of this service · {how}",
  how_it_works: "how this works",

  // One story
  what_was_good: "What was good",
  what_could_be_better: "What could be better",
  felt: "How it felt: {feelings}",
  overall: "Overall: {answer}",
  told_by: "Told by {who} on {day}",
  told_by_named: "Told by {name}, {role}, on {day}",
  named: "{name}, {role}",
  visit_in: "visit in {month}",
  about_services: "About {services}",
  permalink: "Link to this story",
  redacted: "Words in [brackets] stand where we took something out to keep people safe: {reasons}.",
  removed: "A story told on {told} stood here. It was taken down on {removed}.",
  removed_reason: "Why: {reason}",
  removed_link: "About this removal",
  as_patient: "a patient",
  as_parent: "a parent or guardian",
  as_relative: "a relative",
  as_carer: "a carer",
  as_friend: "a friend",
  as_volunteer: "a volunteer",
  as_staff_on_behalf: "staff, for a patient",
  as_other: "someone who was there",

  // Before the form
  invite: "What was your care like?",
  invite_text:
    "Tell what happened, what was good and what could be better. A person reads every story before it is shown.",
  invite_small: "About three minutes. No account, no cookies.",
  tell: "Tell your story",
  carry_on: "Carry on with your story",
  tell_failed: "We could not open the form. Check your connection and press again, or {page}.",
  tell_page: "tell your story on our own page",
  language: "Language: {name}",

  // Answers that the form offers and a story shows
  feelings_calm: "Calm",
  feelings_safe: "Safe",
  feelings_heard: "Listened to",
  feelings_thankful: "Thankful",
  feelings_worried: "Worried",
  feelings_ignored: "Ignored",
  feelings_confused: "Confused",
  feelings_upset: "Upset",
  overall_experience_very_good: "Very good",
  overall_experience_good: "Good",
  overall_experience_neither: "Neither good nor poor",
  overall_experience_poor: "Poor",
  overall_experience_very_poor: "Very poor",
  overall_experience_dont_know: "Don’t know",
};
