/**
 * English words of telling a story. Not bundled: they come as data when somebody wants to tell, like those of every
 * other language. The rules of reading.js hold here too.
 */
export default {
  // In the language of the browser, where the form speaks another
  offer: "Do you write in English?",

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
