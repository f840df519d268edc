/**
 * English words of telling a story. Not bundled: they come as data when somebody wants to tell, like those of every
 * other language. The rules of reading.js hold here too.
 * A key that begins with easy_ is said in place of the key without it on the way with pictures: the shortest words there
 * are. Names in “quotes” that are words of ours ("Send it") stand in their own key too, and are translated alike.
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
  // Read by nobody but those whose pages come without their looks.
  leave_empty: "Leave this empty",
  // While very much arrives, the device does some work first.
  proving_one: "Checking that this is not a machine: about {count} second. You need do nothing.",
  proving_other: "Checking that this is not a machine: about {count} seconds. You need do nothing.",
  proving_stop: "Stop, and do not send it yet",
  back: "Back",
  problem: "There is a problem",
  error_prefix: "Error:",
  count_limit: "You can write up to {max} characters.",
  count_left_one: "{count} character left",
  count_left_other: "{count} characters left",
  count_over_one: "{count} character too many",
  count_over_other: "{count} characters too many",

  // The first page: which way
  step_ways: "What do you want to do?",
  way_short: "Tell it the short way",
  way_short_hint: "Your words, who you are, and what you agree to. About two minutes.",
  way_long: "Tell it the longer way",
  way_long_hint:
    "We also ask what was good, what could be better, how it felt and how to reach you. About five minutes.",
  way_easy: "Tell it with pictures",
  way_easy_hint: "Easy read. You choose pictures and faces. You write only if you want to.",
  way_complaint: "Make a complaint",
  way_complaint_hint: "When you want the service to look into what happened and to answer you.",
  complaint_own: "Complaints go to the service itself, not to us. This is who to ask:",
  complaint_national:
    "Complaints go to the service itself, not to us. Ask there how to complain. These people can help you with it:",
  complaint_unknown: "Say first which service it is about. Then we can show you who to ask.",
  complaint_call: "Call {number}",
  complaint_write: "Write to {email}",
  complaint_read: "Read how to complain",
  complaint_too: "You can tell a story here as well. A story alone does not start a complaint.",
  urgent: "This is not for urgent help. In an emergency call 999.",
  urgent_advice: "For medical advice that cannot wait call 111.",
  unstaffed: "Nobody reads what you send at this hour. We read again on {day}, from {time}.",

  // A draft on this device
  note: "Your words stay in this page until you send them. If you close or reload it first, they are gone.",
  draft_label: "Keep a draft on this device",
  draft_hint:
    "Then a reload loses nothing. We wipe it when you send your story, and after 7 days. Leave this empty on a device that others use too.",
  draft_kept: "Your draft is kept on this device until {day}.",
  draft_failed: "This device does not let us keep a draft.",
  draft_found: "We found your draft of {day} on this device.",
  draft_carry_on: "Carry on with it",
  draft_wipe: "Wipe it",
  draft_wiped: "Your draft is wiped from this device.",
  draft_newer:
    "You changed this draft in another tab or window. We keep that one. What you write here is no longer kept as a draft.",
  draft_show: "Show that one here",
  draft_gone:
    "You sent or wiped this draft in another tab or window. Your words are still here, but no draft of them is kept.",

  // Which service
  step_services: "Which service was it about?",
  services_label: "Services",
  services_hint: "Tick each service that your story is about.",
  services_hint_topic:
    "Tick each service that your story is about. You can leave this empty if it was not about one service.",
  services_change: "Change or add a service",
  services_find_label: "Name, town or postcode of a service",
  services_find: "Find",
  services_finding: "Looking for it",
  services_found_one: "We found {count} service.",
  services_found_other: "We found {count} services.",
  services_first_one: "We found {count} service. These are the first. Write more of the name to find yours.",
  services_first_other:
    "We found {count} services. These are the first. Write more of the name to find yours.",
  services_none: "We found nothing for “{asked}”. Try another name, a town or a postcode.",
  services_failed: "We could not look for it. Check your connection and press “Find” again.",
  services_detail: "{kind}, {town}",
  kind_hospital: "Hospital",
  kind_gp_practice: "GP practice",
  kind_ward: "Ward",
  kind_charity_service: "Charity",
  kind_other: "Service",

  // What happened
  step_story: "What happened?",
  body_label: "What happened?",
  body_hint:
    "Start where it started for you. Please leave out the names of people: say “a nurse” or “my doctor”.",
  title_label: "A title for your story",
  title_hint: "Leave it empty and we use your first words.",

  // What we find in the words while they are written: it advises, it never blocks
  advice_one: "{count} place could show who someone is",
  advice_other: "{count} places could show who someone is",
  advice_text:
    "You can change it or leave it. A person reads every story before it is shown, and takes such words out.",
  advice_change: "Write “{words}”",
  advice_changed: "We wrote “{words}”.",
  advice_remove: "Take it out",
  advice_removed: "We took it out.",
  why_a_persons_name: "This looks like a person’s name.",
  why_contact_details: "This looks like a way to reach someone.",
  why_nhs_number: "This looks like an NHS number.",
  why_exact_date: "This looks like an exact date. The month is enough.",
  why_location_detail: "This could show where someone lives.",
  why_web_address: "This looks like a web address.",
  why_age_or_birth: "This could show someone’s age or birthday.",
  why_record_number: "This looks like a ward, bed or reference number.",
  why_other_identifying_detail: "This could show who someone is.",
  // What to write in place of words that show who someone is, as it stands in the middle of a sentence
  instead_doctor: "a doctor",
  instead_nurse: "a nurse",
  instead_midwife: "a midwife",
  instead_staff: "a member of staff",
  instead_someone: "someone",
  instead_phone_number: "a phone number",
  instead_email_address: "an email address",
  instead_social_handle: "a name online",
  instead_web_address: "a website",
  instead_postcode: "my area",
  instead_address: "my address",
  instead_exact_date: "that day",
  instead_nhs_number: "my NHS number",
  cannot_check:
    "We cannot look for names in this language. Please read your words again: is there a name of a person in them?",
  support: "If you need help now",
  support_text:
    "We are not here day and night, so we may not read this today. These people are here for you:",
  support_call: "Call {number}",
  support_write: "Text {number}",
  support_read: "Website of {name}",
  support_send: "You can still tell your story and send it.",

  // Good and better
  step_better: "What was good, and what could be better?",
  step_better_lead: "Leave out what you have already said.",
  what_was_good_label: "What was good?",
  what_could_be_better_label: "What could be better?",

  // Topics
  step_topics: "What was it about?",
  topics_label: "What was it about?",
  topics_hint: "Choose all that fit.",
  topic_words_label: "What else was it about?",
  topic_words_hint: "A few words of your own. Only staff read them.",

  // About you
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
  display_name_use: "Use “{name}”",
  // Names that nobody is called by, with commas between: birds, flowers and rivers that people know where this is spoken
  names:
    "Grey Wagtail, Kingfisher, Skylark, Little Owl, Song Thrush, Barn Swallow, Bluebell, Foxglove, Snowdrop, Wild Thyme, Sea Lavender, Honeysuckle, Slow River, Clear Brook, Tidewater, Meadow Stream",
  visited_on_label: "When was it?",
  visited_on_hint: "The month is enough. If it went on for longer, give the last month.",
  month: "Month",
  year: "Year",
  choose: "Choose",

  // How it felt
  step_felt: "How was it for you?",
  feelings_label: "How did you feel?",
  feelings_hint: "Choose all that fit.",
  // The question of the NHS Friends and Family Test: its words are fixed
  overall_experience_label: "Overall, how was your experience of our service?",
  overall_experience_hint: "Thinking about {name}",

  // How to reach you
  step_contact: "How can we reach you?",
  step_contact_lead:
    "You can leave this empty. Your story counts just as much, and a private link at the end shows you where it is.",
  contact_email_label: "Email address",
  contact_email_hint:
    "We use it to tell you when your story is published or answered. It is kept apart from your story, locked. It is never shown, and the service you write about does not get it.",

  // What you agree to
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

  // With pictures: the same questions in the fewest words
  step_tiles: "How was it?",
  step_tiles_lead: "Choose a face for a picture. Leave out what does not matter to you.",
  tiles_label: "Pictures",
  tiles_hint: "Press a face again to take it back. You can also drag a picture up to a face.",
  face_positive: "Happy",
  face_neutral: "In between",
  face_negative: "Not happy",
  placed_positive: "{name} is on Happy.",
  placed_neutral: "{name} is on In between.",
  placed_negative: "{name} is on Not happy.",
  placed_back: "You took back {name}.",
  told_positive: "Happy with: {list}.",
  told_neutral: "In between: {list}.",
  told_negative: "Not happy with: {list}.",
  step_more: "Do you want to say more?",
  easy_body_label: "Your words",
  easy_body_hint: "You do not have to write. Please leave out names of people.",
  easy_step_about: "Who is this about?",
  easy_author_role_label: "Who is this about?",
  easy_author_role_patient: "Me",
  easy_author_role_parent: "My child",
  easy_author_role_relative: "My family",
  easy_author_role_carer: "A person I care for",
  easy_author_role_friend: "My friend",
  easy_author_role_volunteer: "A person I speak up for",
  easy_author_role_staff_on_behalf: "I am staff, I help a patient to tell it",
  easy_author_role_other: "Someone else",
  easy_error_author_role_empty: "Choose who this is about.",
  easy_error_body_empty: "Choose a face for a picture, or write a few words.",
  easy_step_agree: "Is this OK?",
  easy_step_agree_lead: "We need a yes to the first one. The others are up to you.",
  easy_consent_publish_label: "You can show my story to everyone",
  easy_consent_publish_hint:
    "A person reads it first and takes out names. You can take your story back later.",
  easy_consent_licence_label: "Other people can use my story",
  easy_consent_licence_hint:
    "They use it to make care better. They say where it is from. They can keep it, even if you take your story back.",
  easy_consent_contact_label: "You can ask me more",
  easy_consent_contact_hint: "We pass on questions. We never say who you are.",
  easy_step_check: "Is this right?",

  // Check
  step_check: "Check it before you send it",
  yes: "Yes",
  no: "No",
  change: "Change {label}",
  lang_label: "Language you wrote in",
  lang_other: "Another language",
  add_heading: "You can add more",
  add: "Add {label}",

  // Sent
  sent: "Thank you. We have your story.",
  sent_link: "Your private link",
  sent_link_text:
    "Keep this link, and keep it to yourself. It shows where your story is and what we changed and why, and it lets you take your story back. It is the only way to your story, so we show it only now.",
  sent_link_label: "Private link to your story",
  copy: "Copy the link",
  copied: "Copied",
  copy_failed: "We could not copy it. It is marked now: copy it by hand.",
  open_link: "Open your story’s page",
  qr: "Show a code for your phone",
  qr_title: "Code of your private link. Point the camera of your phone at it.",
  letter_heading: "Email it to me",
  letter_hint: "We keep the address with your story, locked, and write to you when there is news.",
  letter_send: "Email it to me",
  letter_sent: "It is on its way to {email}.",
  letter_failed: "We could not email it. Copy the link now, or try again in a few minutes.",
  next_heading: "What happens next",
  next_read:
    "A person at {keeper} reads it. They may take out names or exact dates. You see each change, and why.",
  next_shown: "When it is published it shows here, for everyone to read, and {name} can answer.",
  next_answer: "If there is an answer, it shows under your story.",
  sent_earlier:
    "We already had your story from your first try, so we kept that one, without your last changes. You can see it by your private link.",
  done: "Done",

  // What can go wrong in the form
  error_services_empty: "Choose at least one service.",
  error_body_empty: "Write what happened. A few words are enough.",
  error_author_role_empty: "Choose who you are in this story.",
  error_consent_publish_empty:
    "Tick the box if we may publish your story. We can only take stories that we may publish.",
  error_display_name_address: "Choose a name that is not an email address.",
  error_visited_on_half: "Choose both the month and the year, or leave both empty.",
  error_visited_on_future: "Choose a month that is not in the future.",
  error_contact_email_empty: "Write the email address to send it to.",
  error_contact_email_shape: "Write the email address in full, like name@example.org, or leave it empty.",
  error_long_one: "Take out {count} character, or put the rest in another box.",
  error_long_other: "Take out {count} characters, or put the rest in another box.",

  // What can go wrong in sending
  not_sent: "We could not send it yet",
  kept_here: "Your story is still here. Nothing is lost.",
  lost: "We got no answer. Check your connection.",
  offline: "You are not connected to the internet.",
  busy: "Too many stories are arriving just now.",
  refused: "We can’t take it as it is.",
  retry_seconds_one: "We will try again in {count} second, or press “Send it”.",
  retry_seconds_other: "We will try again in {count} seconds, or press “Send it”.",
  retry_minutes_one: "We will try again in {count} minute, or press “Send it”. Keep this page open.",
  retry_minutes_other: "We will try again in {count} minutes, or press “Send it”. Keep this page open.",
  retry_online: "We will send it as soon as you are connected. Keep this page open.",
  retry_stop: "Do not send it automatically",
  retry_by_hand: "Press “Send it” to try again.",
};
