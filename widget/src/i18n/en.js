/**
 * English, the catalogue every other language is measured by: same keys, same {placeholders}.
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

  // Every step
  telling_about: "About {name}",
  step: "Step {step} of {steps}",
  optional: "{label} (optional)",
  continue: "Continue",
  to_check: "Check it first",
  send: "Send it",
  sending: "Sending your story",
  back: "Back",
  problem: "There is a problem",
  error_prefix: "Error:",
  count_limit: "You can write up to {max} characters.",
  count_left_one: "{count} character left",
  count_left_other: "{count} characters left",
  count_over_one: "{count} character too many",
  count_over_other: "{count} characters too many",

  // 1 What happened
  step_story: "What happened?",
  body_hint:
    "Start where it started for you. Please leave out the names of people: say “a nurse” or “my doctor”.",
  step_story_note:
    "Your words stay in this page until you send them. If you close or reload it first, they are gone.",
  step_story_urgent: "This is not for urgent help. In an emergency call 999. For advice call 111.",
  body_label: "What happened?",
  title_label: "A title for your story",
  title_hint: "Leave it empty and we use your first words.",

  // 2 Good and better
  step_better: "What was good, and what could be better?",
  step_better_lead: "Leave out what you have already said.",
  what_was_good_label: "What was good?",
  what_could_be_better_label: "What could be better?",
  feelings_label: "How did you feel?",
  feelings_hint: "Choose all that fit.",
  feelings_calm: "Calm",
  feelings_safe: "Safe",
  feelings_heard: "Listened to",
  feelings_thankful: "Thankful",
  feelings_worried: "Worried",
  feelings_ignored: "Ignored",
  feelings_confused: "Confused",
  feelings_upset: "Upset",

  // 3 About you
  step_about: "About you and your visit",
  author_role_label: "Who are you in this story?",
  author_role_patient: "The patient",
  author_role_parent: "A parent or guardian",
  author_role_relative: "A relative",
  author_role_carer: "A carer",
  author_role_friend: "A friend",
  author_role_volunteer: "A volunteer or advocate",
  author_role_staff_on_behalf: "Staff, telling it for a patient",
  author_role_other: "Someone else",
  display_name_label: "A name to show with your story",
  display_name_hint: "Not your real name. A bird, a flower or a river will do.",
  visited_on_label: "When was it?",
  visited_on_hint: "The month is enough. If it went on for longer, give the last month.",
  month: "Month",
  year: "Year",
  choose: "Choose",
  overall_experience_label: "Overall, how was your experience of our service?",
  overall_experience_hint: "Thinking about {name}",
  overall_experience_very_good: "Very good",
  overall_experience_good: "Good",
  overall_experience_neither: "Neither good nor poor",
  overall_experience_poor: "Poor",
  overall_experience_very_poor: "Very poor",
  overall_experience_dont_know: "Don’t know",

  // 4 How to reach you
  step_contact: "How can we reach you?",
  step_contact_lead:
    "You can leave this empty. Your story counts just as much, and a private link at the end shows you where it is.",
  contact_email_label: "Email address",
  contact_email_hint:
    "We use it to tell you when your story is published or answered. It is kept apart from your story, locked. It is never shown, and the service you write about does not get it.",

  // 5 What you agree to
  step_agree: "What do you agree to?",
  step_agree_lead: "Three separate questions. Only the first is needed to send your story.",
  consent_publish_label: "You may publish my story",
  consent_publish_hint:
    "A person reads it first and may take out names. Then everyone can read it here and on our own pages. You can take it back later by your private link.",
  consent_licence_label: "Others may use my story too",
  consent_licence_hint:
    "With an open licence (CC BY 4.0) people who study or improve care can use it again, if they say where it is from. They can keep what they already have, even if you take the story back.",
  consent_contact_label: "You may ask me about my story",
  consent_contact_hint:
    "We may have a question, or the service may have one for you. It comes through us, so they never learn who you are.",

  // 6 Check
  step_check: "Check it before you send it",
  not_given: "Not given",
  yes: "Yes",
  no: "No",
  change: "Change {label}",

  // 7 Sent
  sent: "Thank you. We have your story.",
  sent_link: "Your private link",
  sent_link_text:
    "Keep this link, and keep it to yourself. It shows where your story is and what we changed and why, and it lets you take your story back. It is the only way to your story, so we show it only now.",
  sent_link_label: "Private link to your story",
  copy: "Copy the link",
  copied: "Copied",
  copy_failed: "We could not copy it. It is marked now: copy it by hand.",
  open_link: "Open your story’s page",
  next_heading: "What happens next",
  next_read:
    "A person at {keeper} reads it. They may take out names or exact dates. You see each change, and why.",
  next_shown: "When it is published it shows here, for everyone to read, and {name} can answer.",
  next_answer: "If there is an answer, it shows under your story.",
  sent_earlier:
    "We already had your story from your first try, so we kept that one, without your last changes. You can see it by your private link.",
  done: "Done",

  // What can go wrong in the form
  error_body_empty: "Write what happened. A few words are enough.",
  error_author_role_empty: "Choose who you are in this story.",
  error_consent_publish_empty:
    "Tick the box if we may publish your story. We can only take stories that we may publish.",
  error_display_name_address: "Choose a name that is not an email address.",
  error_visited_on_half: "Choose both the month and the year, or leave both empty.",
  error_visited_on_future: "Choose a month that is not in the future.",
  error_contact_email_shape: "Write the email address in full, like name@example.org, or leave it empty.",
  error_long_one: "Take out {count} character, or put the rest in another box.",
  error_long_other: "Take out {count} characters, or put the rest in another box.",

  // What can go wrong in sending
  not_sent: "We could not send it yet",
  kept_here: "Your story is still here. Nothing is lost.",
  lost: "We got no answer. Check your connection.",
  busy: "Too many stories are arriving just now.",
  refused: "We can’t take it as it is.",
  retry_seconds_one: "We will try again in {count} second, or press “Send it”.",
  retry_seconds_other: "We will try again in {count} seconds, or press “Send it”.",
  retry_minutes_one: "We will try again in {count} minute, or press “Send it”. Keep this page open.",
  retry_minutes_other: "We will try again in {count} minutes, or press “Send it”. Keep this page open.",
  retry_by_hand: "Press “Send it” to try again.",
};
