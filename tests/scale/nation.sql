-- What `nation.py` fills the tables with. In braces stands what differs between the engines, and how many.

-- Where care is given.
INSERT INTO organisation (id, code, name, kind, created_at)
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {organisations})
SELECT n, 'O' || n, 'Organisation ' || n, 'provider', {now} FROM number;
INSERT INTO service (id, code, name, official_name, kind, organisation_id, parent_id, address, town, postcode,
    latitude, longitude, search_words, created_at, updated_at)
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {services}),
place(n, hospital, kind) AS (
    SELECT n, NULL, 'hospital' FROM number WHERE n <= {hospitals}
    UNION ALL SELECT n, 1 + (n - {hospitals} - 1) / {wards}, 'ward' FROM number WHERE n > {hospitals} AND n <= {wards_end}
    UNION ALL SELECT n, NULL, 'gp_practice' FROM number WHERE n > {wards_end})
SELECT n, 'S' || n, 'Service ' || n, 'SERVICE ' || n, kind,
       CASE kind WHEN 'ward' THEN hospital WHEN 'hospital' THEN n ELSE n - {hospitals} * {wards} END, hospital,
       '1 High Street', 'Town ' || (n % 900), 'EL1 ' || (n % 10) || 'SE', 51 + n % 400 / 100.0, n % 300 / 100.0 - 3,
       ' service ' || n || ' | s' || n || ' town ' || (n % 900) || ' high street ', {now}, {now} FROM place;

-- One row for each story, of which all other tables are made; `spread` is from 0 to 999,999.
CREATE TEMPORARY TABLE nation
    (id INTEGER PRIMARY KEY, key TEXT, spread INTEGER, told {moment}, service INTEGER, kind TEXT);
INSERT INTO nation (id, key, spread, told, service, kind)
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {stories}),
spread(n, s) AS (SELECT n, (CAST(n AS BIGINT) * {odd} % 4294967296) % 1000000 FROM number)
SELECT n, {key}, s, {told},
       1 + CAST(({services} - 1) * (s / 1e6) * (s / 1e6) * (s / 1e6) AS INTEGER),
       CASE WHEN n % 10 = 3 THEN 'waits' WHEN n % 50 = 7 THEN 'removed' WHEN n % 50 = 8 THEN 'rejected'
            ELSE 'published' END
  FROM spread;

-- A story is three of these.
CREATE TEMPORARY TABLE sentence (n INTEGER PRIMARY KEY, words TEXT);
INSERT INTO sentence (n, words) VALUES
(0, 'The nurse sat with me until my daughter came.'),
(1, 'I waited four hours in a corridor and nobody said why.'),
(2, 'The doctor explained everything twice, with a drawing.'),
(3, 'My appointment was cancelled on the morning itself.'),
(4, 'The ward was clean and the food was warm.'),
(5, 'They listened to my mother, who is deaf, and wrote things down.'),
(6, 'The car park cost more than I had with me.'),
(7, 'I was sent home without my tablets and had to come back.'),
(8, 'The receptionist found me a place the same day.'),
(9, 'Nobody told us that the clinic had moved.'),
(10, 'The physiotherapist rang me at home to ask how I was.'),
(11, 'I could not sleep for the noise, but the night staff were kind.'),
(12, 'The letter came a week after the appointment.'),
(13, 'My son was frightened and they let him bring his bear.'),
(14, 'I felt safe from the moment that I came in.'),
(15, 'The scan was quick and they told me the result at once.');

-- What was told, and what became of it.
INSERT INTO story (id, public_id, state, state_since, revision, author_role, consent_publish, consent_licence,
    consent_contact, consent_version, told_at, published_at, ended_at, ended_reason, urgency, queue_rank, waits_since)
SELECT id, key, CASE kind WHEN 'waits' THEN 'submitted' ELSE kind END, told, 1, 'patient', TRUE, FALSE, TRUE, '2026',
       told, CASE WHEN kind IN ('published', 'removed') THEN {later} END,
       CASE WHEN kind IN ('removed', 'rejected') THEN {later} END, CASE WHEN kind = 'removed' THEN 'other' END,
       CASE WHEN id % 200 = 3 THEN 2 WHEN id % 50 = 3 THEN 1 ELSE 0 END,
       CASE WHEN kind = 'waits' THEN CASE WHEN id % 200 = 3 THEN 9 WHEN id % 50 = 3 THEN 19 ELSE 29 END END,
       CASE WHEN kind = 'waits' THEN told END
  FROM nation;
INSERT INTO story_version (id, story_id, number, title, body, feelings, lang, written_at)
SELECT nation.id, nation.id, 1, a.words, a.words || ' ' || b.words || ' ' || c.words || ' It was bed ' || nation.id || '.',
       '[]', CASE WHEN nation.id % 40 = 0 THEN 'pl' ELSE 'en' END, told
  FROM nation JOIN sentence a ON a.n = spread % 16 JOIN sentence b ON b.n = spread / 16 % 16
              JOIN sentence c ON c.n = spread / 256 % 16;
INSERT INTO published_text (story_id, version_id, title, body, redactions)
SELECT v.story_id, v.id, v.title, v.body, '[]' FROM story_version v JOIN nation ON nation.id = v.story_id
 WHERE kind = 'published';
INSERT INTO story_service (story_id, service_id) SELECT id, service FROM nation ORDER BY id;
INSERT INTO story_service (story_id, service_id)
SELECT id, 1 + (service + 4000) % {services} FROM nation WHERE id % 20 = 0 ORDER BY id;
INSERT INTO story_topic (story_id, topic_id, polarity)
SELECT nation.id, topic.id, 'positive' FROM nation JOIN topic ON topic.id = {first_topic} + spread % {topics} ORDER BY nation.id;
INSERT INTO story_finding (version_id, field, kind, rule, start, "end", certainty)
SELECT id, 'body', 'personal_data', 'name', 0, 3, 'possible' FROM nation WHERE id % 3 = 0;
INSERT INTO reply (public_id, story_id, service_id, responder_name, responder_role, body, lang, state, written_at,
    published_at)
SELECT 'r' || key, id, service, 'Ruth', 'Matron', 'Thank you for telling us. We have told the ward.', 'en',
       'published', {later}, {later} FROM nation WHERE kind = 'published' AND spread % 5 < 2;
INSERT INTO private_link (story_id, token_hash, token_sealed) SELECT id, 'h' || key, {sealed} FROM nation;
INSERT INTO author_contact (story_id, email_sealed, bucket, created_at)
SELECT id, {sealed}, 'a' || (id % 10), told FROM nation WHERE id % 2 = 0;
INSERT INTO used_key (key_hash, body_hash, story_id, created_at)
SELECT 'k' || key, 'b' || key, id, told FROM nation WHERE told > {month_ago};
INSERT INTO audit_event (at, act, actor_kind, actor_id, subject_kind, subject_id, detail)
SELECT told, 'story.told', 'author', '', 'story', key, '{{}}' FROM nation ORDER BY id;
INSERT INTO audit_event (at, act, actor_kind, actor_id, subject_kind, subject_id, detail)
SELECT {later}, 'story.decided', 'account', '1', 'story', key, '{{}}' FROM nation WHERE kind <> 'waits' ORDER BY id;
INSERT INTO ledger_entry (number, day, story, step, reason, commitment, previous, hash)
SELECT id, {day}, key, 'received', '', '', '', 'l' || key FROM nation;
INSERT INTO ledger_entry (number, day, story, step, reason, commitment, previous, hash)
SELECT {stories} + id, {day}, key, CASE kind WHEN 'rejected' THEN 'rejected' ELSE 'published' END, '', '', '',
       'p' || key FROM nation WHERE kind <> 'waits';
INSERT INTO ledger_entry (number, day, story, step, reason, commitment, previous, hash)
SELECT 2 * {stories} + id, {day}, key, 'removed', 'other', '', '', 'e' || key FROM nation WHERE kind = 'removed';
INSERT INTO outbox_message (message_id, kind, recipient_kind, recipient_id, payload, state, attempts, created_at, due_at,
    sent_at)
SELECT 'm' || key, 'story_received', 'author', key, '{{}}', 'sent', 1, told, told, told FROM nation
 WHERE id % 2 = 0 AND told > {quarter_ago};
INSERT INTO delivery_attempt (message_id, at, outcome, status, took_ms)
SELECT id, sent_at, 'sent', 250, 40 FROM outbox_message;

-- As many as `stories.duplicates` keeps, in the order of their table.
INSERT INTO story_likeness (band, story_id)
SELECT (CAST(nation.id AS BIGINT) * 12 + band.n) * {odd} % 1152921504606846976 AS place, nation.id
  FROM nation CROSS JOIN sentence band WHERE band.n < 12 ORDER BY place;

-- The lists of the public, as `stories.shelves` keeps them; no place here is deeper than a ward.
CREATE TEMPORARY TABLE family (story INTEGER, service INTEGER);
INSERT INTO family (story, service)
SELECT story_id, service_id FROM story_service
UNION SELECT story_id, parent_id FROM story_service JOIN service ON service.id = service_id WHERE parent_id IS NOT NULL;
CREATE INDEX family_story ON family (story);
CREATE TEMPORARY TABLE became (id INTEGER PRIMARY KEY, counted TEXT, services TEXT);
INSERT INTO became (id, counted, services)
SELECT id, CASE WHEN kind = 'published' AND spread % 5 < 2 THEN 'answered:0: ' ELSE '' END
       || CASE kind WHEN 'published' THEN 'read:0: ' ELSE '' END || 'topic:' || ({first_topic} + spread % {topics}) || ':positive',
       {about_services}
  FROM nation WHERE kind IN ('published', 'removed');
INSERT INTO shelved_story (kind, about, published_at, story_id, moved_at, counted)
SELECT kind, about, published_at, story.id, published_at,
       CASE kind WHEN 'topic' THEN services || ' ' || counted ELSE counted END FROM (
    SELECT 'all' AS kind, 0 AS about, id AS story FROM story
    UNION ALL SELECT 'topic', topic_id, story_id FROM story_topic
    UNION SELECT 'organisation', organisation_id, story_id FROM story_service JOIN service ON service.id = service_id
    UNION ALL SELECT 'service', service, story FROM family) AS place
  JOIN story ON story.id = story JOIN became ON became.id = story ORDER BY kind, about, published_at;
INSERT INTO shelf (kind, about, told) SELECT kind, about, COUNT(*) FROM shelved_story GROUP BY kind, about;
INSERT INTO shelf_sum (kind, about, what, number, said, times)
SELECT shelved_story.kind, about, what, number, said, COUNT(*) FROM shelved_story JOIN (
    SELECT id, 'read' AS what, 0 AS number, '' AS said FROM nation WHERE kind = 'published'
    UNION ALL SELECT id, 'answered', 0, '' FROM nation WHERE kind = 'published' AND spread % 5 < 2
    UNION ALL SELECT id, 'topic', {first_topic} + spread % {topics}, 'positive' FROM nation) AS true_of ON true_of.id = story_id
 WHERE shelved_story.kind <> 'all' GROUP BY shelved_story.kind, about, what, number, said;
INSERT INTO shelf_sum (kind, about, what, number, said, times)
SELECT 'topic', about, 'about', service, '', COUNT(*) FROM shelved_story JOIN family ON story = story_id
 WHERE kind = 'topic' GROUP BY about, service;

-- What became of all that was told, as `stories.standings` keeps it.
INSERT INTO standing_sum (service, what, said, stories)
SELECT service, what, said, COUNT(*) FROM (
    SELECT story, service FROM family UNION ALL SELECT id, 0 FROM nation) AS told JOIN (
    SELECT id, CASE kind WHEN 'waits' THEN 'received' ELSE kind END AS what,
           CASE kind WHEN 'removed' THEN 'other' ELSE '' END AS said FROM nation
    UNION ALL SELECT id, 'since', {day} FROM nation WHERE kind = 'waits'
    UNION ALL SELECT id, 'waited', '0' FROM nation WHERE kind IN ('published', 'removed')) AS stands ON stands.id = story
 GROUP BY service, what, said;
INSERT INTO standing_mark (id, number, hash) SELECT 1, number, hash FROM ledger_entry ORDER BY number DESC LIMIT 1;
