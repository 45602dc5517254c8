CREATE TABLE actions (
	operation_id TEXT NOT NULL,
	name TEXT NOT NULL,
	arguments JSON NOT NULL,
	order_id TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	session_id TEXT NOT NULL,
	asker JSON NOT NULL,
	why TEXT NOT NULL,
	status TEXT NOT NULL,
	rule TEXT NOT NULL,
	passage TEXT NOT NULL,
	signals JSON NOT NULL,
	quote JSON NOT NULL,
	version INTEGER,
	history JSON NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE,
	told TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_actions PRIMARY KEY (operation_id)
);
CREATE INDEX ix_actions_created_at ON actions (created_at);
CREATE INDEX ix_actions_customer_id ON actions (customer_id);
CREATE INDEX ix_actions_order_id ON actions (order_id);
CREATE INDEX ix_actions_session_id ON actions (session_id);
CREATE INDEX ix_actions_status ON actions (status);
INSERT INTO actions (operation_id, name, arguments, order_id, customer_id, session_id, asker, why, status, rule, passage, signals, quote, version, history, created_at, changed_at, expires_at, told) VALUES ('actions.operation_id 1 größe ''x'' — العربية
line', 'actions.name 1 größe ''x'' — العربية
line', '{"of": "actions.arguments", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', 'actions.order_id 1 größe ''x'' — العربية
line', 'actions.customer_id 1 größe ''x'' — العربية
line', 'actions.session_id 1 größe ''x'' — العربية
line', '{"of": "actions.asker", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', 'actions.why 1 größe ''x'' — العربية
line', 'actions.status 1 größe ''x'' — العربية
line', 'actions.rule 1 größe ''x'' — العربية
line', 'actions.passage 1 größe ''x'' — العربية
line', '{"of": "actions.signals", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', '{"of": "actions.quote", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', NULL, '{"of": "actions.history", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', '2026-11-22 10:30:15.123456+00:00', '2026-11-22 10:30:15.123456+00:00', NULL, 'actions.told 1 größe ''x'' — العربية
line');
INSERT INTO actions (operation_id, name, arguments, order_id, customer_id, session_id, asker, why, status, rule, passage, signals, quote, version, history, created_at, changed_at, expires_at, told) VALUES ('actions.operation_id 2 größe ''x'' — العربية
line', 'actions.name 2 größe ''x'' — العربية
line', '{"of": "actions.arguments", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', 'actions.order_id 2 größe ''x'' — العربية
line', 'actions.customer_id 2 größe ''x'' — العربية
line', 'actions.session_id 2 größe ''x'' — العربية
line', '{"of": "actions.asker", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', 'actions.why 2 größe ''x'' — العربية
line', 'actions.status 2 größe ''x'' — العربية
line', 'actions.rule 2 größe ''x'' — العربية
line', 'actions.passage 2 größe ''x'' — العربية
line', '{"of": "actions.signals", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', '{"of": "actions.quote", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', 2147483640, '{"of": "actions.history", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', '2026-11-22 11:30:15.123456+00:00', '2026-11-22 11:30:15.123456+00:00', '2026-11-22 11:30:15.123456+00:00', 'actions.told 2 größe ''x'' — العربية
line');
CREATE TABLE agent_states (
	thread_id TEXT NOT NULL,
	namespace TEXT NOT NULL,
	state_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	state BYTEA NOT NULL,
	about JSON NOT NULL,
	CONSTRAINT pk_agent_states PRIMARY KEY (thread_id, namespace)
);
INSERT INTO agent_states (thread_id, namespace, state_id, kind, state, about) VALUES ('agent_states.thread_id 1 größe ''x'' — العربية
line', 'agent_states.namespace 1 größe ''x'' — العربية
line', 'agent_states.state_id 1 größe ''x'' — العربية
line', 'agent_states.kind 1 größe ''x'' — العربية
line', '\x01080f161d242b323940474e555c636a71787f868d949ba2a9b0b7bec5ccd3dae1e8eff6fd', '{"of": "agent_states.about", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}');
INSERT INTO agent_states (thread_id, namespace, state_id, kind, state, about) VALUES ('agent_states.thread_id 2 größe ''x'' — العربية
line', 'agent_states.namespace 2 größe ''x'' — العربية
line', 'agent_states.state_id 2 größe ''x'' — العربية
line', 'agent_states.kind 2 größe ''x'' — العربية
line', '\x020910171e252c333a41484f565d646b727980878e959ca3aab1b8bfc6cdd4dbe2e9f0f7fe', '{"of": "agent_states.about", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}');
CREATE TABLE arrangements (
	position SERIAL NOT NULL,
	name TEXT NOT NULL,
	value JSON NOT NULL,
	by TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_arrangements PRIMARY KEY (position)
);
CREATE INDEX ix_arrangements_name ON arrangements (name);
INSERT INTO arrangements (position, name, value, by, at) VALUES (2147483639, 'arrangements.name 1 größe ''x'' — العربية
line', '{"of": "arrangements.value", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', 'arrangements.by 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO arrangements (position, name, value, by, at) VALUES (2147483640, 'arrangements.name 2 größe ''x'' — العربية
line', '{"of": "arrangements.value", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', 'arrangements.by 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE attachments (
	attachment_id TEXT NOT NULL,
	session_id TEXT NOT NULL,
	turn TEXT NOT NULL,
	name TEXT NOT NULL,
	media_type TEXT NOT NULL,
	digest TEXT NOT NULL,
	size INTEGER NOT NULL,
	content BYTEA NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_attachments PRIMARY KEY (attachment_id)
);
CREATE INDEX ix_attachments_session_id ON attachments (session_id);
INSERT INTO attachments (attachment_id, session_id, turn, name, media_type, digest, size, content, at) VALUES ('attachments.attachment_id 1 größe ''x'' — العربية
line', 'attachments.session_id 1 größe ''x'' — العربية
line', 'attachments.turn 1 größe ''x'' — العربية
line', 'attachments.name 1 größe ''x'' — العربية
line', 'attachments.media_type 1 größe ''x'' — العربية
line', 'attachments.digest 1 größe ''x'' — العربية
line', 2147483639, '\x01080f161d242b323940474e555c636a71787f868d949ba2a9b0b7bec5ccd3dae1e8eff6fd', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO attachments (attachment_id, session_id, turn, name, media_type, digest, size, content, at) VALUES ('attachments.attachment_id 2 größe ''x'' — العربية
line', 'attachments.session_id 2 größe ''x'' — العربية
line', 'attachments.turn 2 größe ''x'' — العربية
line', 'attachments.name 2 größe ''x'' — العربية
line', 'attachments.media_type 2 größe ''x'' — العربية
line', 'attachments.digest 2 größe ''x'' — العربية
line', 2147483640, '\x020910171e252c333a41484f565d646b727980878e959ca3aab1b8bfc6cdd4dbe2e9f0f7fe', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE attempts (
	attempt_id SERIAL NOT NULL,
	subject TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_attempts PRIMARY KEY (attempt_id)
);
CREATE INDEX ix_attempts_subject_at ON attempts (subject, at);
INSERT INTO attempts (attempt_id, subject, at) VALUES (2147483639, 'attempts.subject 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO attempts (attempt_id, subject, at) VALUES (2147483640, 'attempts.subject 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE batch_requests (
	key TEXT NOT NULL,
	batch_id TEXT NOT NULL,
	answer JSON NOT NULL,
	CONSTRAINT pk_batch_requests PRIMARY KEY (key)
);
CREATE INDEX ix_batch_requests_batch_id ON batch_requests (batch_id);
INSERT INTO batch_requests (key, batch_id, answer) VALUES ('batch_requests.key 1 größe ''x'' — العربية
line', 'batch_requests.batch_id 1 größe ''x'' — العربية
line', '{"of": "batch_requests.answer", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}');
INSERT INTO batch_requests (key, batch_id, answer) VALUES ('batch_requests.key 2 größe ''x'' — العربية
line', 'batch_requests.batch_id 2 größe ''x'' — العربية
line', '{"of": "batch_requests.answer", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}');
CREATE TABLE batches (
	batch_id TEXT NOT NULL,
	server_id TEXT NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_batches PRIMARY KEY (batch_id)
);
INSERT INTO batches (batch_id, server_id, made_at) VALUES ('batches.batch_id 1 größe ''x'' — العربية
line', 'batches.server_id 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO batches (batch_id, server_id, made_at) VALUES ('batches.batch_id 2 größe ''x'' — العربية
line', 'batches.server_id 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE customers (
	customer_id TEXT NOT NULL,
	version INTEGER DEFAULT '1' NOT NULL,
	data JSON NOT NULL,
	CONSTRAINT pk_customers PRIMARY KEY (customer_id)
);
INSERT INTO customers (customer_id, version, data) VALUES ('customers.customer_id 1 größe ''x'' — العربية
line', 2147483639, '{"of": "customers.data", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}');
INSERT INTO customers (customer_id, version, data) VALUES ('customers.customer_id 2 größe ''x'' — العربية
line', 2147483640, '{"of": "customers.data", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}');
CREATE TABLE feedback (
	feedback_id SERIAL NOT NULL,
	session_id TEXT NOT NULL,
	turn TEXT NOT NULL,
	score INTEGER NOT NULL,
	comment TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_feedback PRIMARY KEY (feedback_id)
);
CREATE INDEX ix_feedback_session_id ON feedback (session_id);
INSERT INTO feedback (feedback_id, session_id, turn, score, comment, at) VALUES (2147483639, 'feedback.session_id 1 größe ''x'' — العربية
line', 'feedback.turn 1 größe ''x'' — العربية
line', 2147483639, 'feedback.comment 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO feedback (feedback_id, session_id, turn, score, comment, at) VALUES (2147483640, 'feedback.session_id 2 größe ''x'' — العربية
line', 'feedback.turn 2 größe ''x'' — العربية
line', 2147483640, 'feedback.comment 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE floors (
	session_id TEXT NOT NULL,
	holder TEXT NOT NULL,
	until TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_floors PRIMARY KEY (session_id)
);
INSERT INTO floors (session_id, holder, until) VALUES ('floors.session_id 1 größe ''x'' — العربية
line', 'floors.holder 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO floors (session_id, holder, until) VALUES ('floors.session_id 2 größe ''x'' — العربية
line', 'floors.holder 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE frames (
	session_id TEXT NOT NULL,
	number BIGINT NOT NULL,
	turn TEXT NOT NULL,
	data TEXT NOT NULL,
	CONSTRAINT pk_frames PRIMARY KEY (session_id, number)
);
INSERT INTO frames (session_id, number, turn, data) VALUES ('frames.session_id 1 größe ''x'' — العربية
line', 2147483639, 'frames.turn 1 größe ''x'' — العربية
line', 'frames.data 1 größe ''x'' — العربية
line');
INSERT INTO frames (session_id, number, turn, data) VALUES ('frames.session_id 2 größe ''x'' — العربية
line', 2147483640, 'frames.turn 2 größe ''x'' — العربية
line', 'frames.data 2 größe ''x'' — العربية
line');
CREATE TABLE gap_decisions (
	gap_id TEXT NOT NULL,
	decision TEXT NOT NULL,
	question TEXT NOT NULL,
	language TEXT NOT NULL,
	entry TEXT NOT NULL,
	reason TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_gap_decisions PRIMARY KEY (gap_id)
);
INSERT INTO gap_decisions (gap_id, decision, question, language, entry, reason, at) VALUES ('gap_decisions.gap_id 1 größe ''x'' — العربية
line', 'gap_decisions.decision 1 größe ''x'' — العربية
line', 'gap_decisions.question 1 größe ''x'' — العربية
line', 'gap_decisions.language 1 größe ''x'' — العربية
line', 'gap_decisions.entry 1 größe ''x'' — العربية
line', 'gap_decisions.reason 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO gap_decisions (gap_id, decision, question, language, entry, reason, at) VALUES ('gap_decisions.gap_id 2 größe ''x'' — العربية
line', 'gap_decisions.decision 2 größe ''x'' — العربية
line', 'gap_decisions.question 2 größe ''x'' — العربية
line', 'gap_decisions.language 2 größe ''x'' — العربية
line', 'gap_decisions.entry 2 größe ''x'' — العربية
line', 'gap_decisions.reason 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE handoffs (
	handoff_id TEXT NOT NULL,
	session_id TEXT NOT NULL,
	reason TEXT NOT NULL,
	status TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	claimed_by TEXT DEFAULT '' NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE,
	summary JSON DEFAULT '{}' NOT NULL,
	CONSTRAINT pk_handoffs PRIMARY KEY (handoff_id)
);
CREATE INDEX ix_handoffs_session_id ON handoffs (session_id);
INSERT INTO handoffs (handoff_id, session_id, reason, status, created_at, claimed_by, changed_at, summary) VALUES ('handoffs.handoff_id 1 größe ''x'' — العربية
line', 'handoffs.session_id 1 größe ''x'' — العربية
line', 'handoffs.reason 1 größe ''x'' — العربية
line', 'handoffs.status 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00', 'handoffs.claimed_by 1 größe ''x'' — العربية
line', NULL, '{"of": "handoffs.summary", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}');
INSERT INTO handoffs (handoff_id, session_id, reason, status, created_at, claimed_by, changed_at, summary) VALUES ('handoffs.handoff_id 2 größe ''x'' — العربية
line', 'handoffs.session_id 2 größe ''x'' — العربية
line', 'handoffs.reason 2 größe ''x'' — العربية
line', 'handoffs.status 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00', 'handoffs.claimed_by 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00', '{"of": "handoffs.summary", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}');
CREATE TABLE job_items (
	job_id TEXT NOT NULL,
	number INTEGER NOT NULL,
	state TEXT NOT NULL,
	given JSON NOT NULL,
	result JSON,
	error TEXT NOT NULL,
	microdollars BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_job_items PRIMARY KEY (job_id, number)
);
CREATE INDEX ix_job_items_job_id_state ON job_items (job_id, state, number);
INSERT INTO job_items (job_id, number, state, given, result, error, microdollars, at) VALUES ('job_items.job_id 1 größe ''x'' — العربية
line', 2147483639, 'job_items.state 1 größe ''x'' — العربية
line', '{"of": "job_items.given", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', '{"of": "job_items.result", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', 'job_items.error 1 größe ''x'' — العربية
line', 2147483639, NULL);
INSERT INTO job_items (job_id, number, state, given, result, error, microdollars, at) VALUES ('job_items.job_id 2 größe ''x'' — العربية
line', 2147483640, 'job_items.state 2 größe ''x'' — العربية
line', '{"of": "job_items.given", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', '{"of": "job_items.result", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', 'job_items.error 2 größe ''x'' — العربية
line', 2147483640, '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE jobs (
	job_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	title TEXT NOT NULL,
	state TEXT NOT NULL,
	why TEXT NOT NULL,
	total INTEGER NOT NULL,
	done INTEGER NOT NULL,
	failed INTEGER NOT NULL,
	microdollars BIGINT NOT NULL,
	estimate BIGINT,
	budget BIGINT,
	by TEXT NOT NULL,
	options JSON NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_jobs PRIMARY KEY (job_id)
);
CREATE INDEX ix_jobs_made_at ON jobs (made_at);
CREATE INDEX ix_jobs_state ON jobs (state);
INSERT INTO jobs (job_id, kind, title, state, why, total, done, failed, microdollars, estimate, budget, by, options, made_at) VALUES ('jobs.job_id 1 größe ''x'' — العربية
line', 'jobs.kind 1 größe ''x'' — العربية
line', 'jobs.title 1 größe ''x'' — العربية
line', 'jobs.state 1 größe ''x'' — العربية
line', 'jobs.why 1 größe ''x'' — العربية
line', 2147483639, 2147483639, 2147483639, 2147483639, NULL, NULL, 'jobs.by 1 größe ''x'' — العربية
line', '{"of": "jobs.options", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO jobs (job_id, kind, title, state, why, total, done, failed, microdollars, estimate, budget, by, options, made_at) VALUES ('jobs.job_id 2 größe ''x'' — العربية
line', 'jobs.kind 2 größe ''x'' — العربية
line', 'jobs.title 2 größe ''x'' — العربية
line', 'jobs.state 2 größe ''x'' — العربية
line', 'jobs.why 2 größe ''x'' — العربية
line', 2147483640, 2147483640, 2147483640, 2147483640, 2147483640, 2147483640, 'jobs.by 2 größe ''x'' — العربية
line', '{"of": "jobs.options", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE journal (
	position SERIAL NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	who TEXT NOT NULL,
	deed TEXT NOT NULL,
	subject TEXT NOT NULL,
	told TEXT NOT NULL,
	CONSTRAINT pk_journal PRIMARY KEY (position)
);
CREATE INDEX ix_journal_at ON journal (at);
CREATE INDEX ix_journal_deed ON journal (deed);
INSERT INTO journal (position, at, who, deed, subject, told) VALUES (2147483639, '2026-11-22 10:30:15.123456+00:00', 'journal.who 1 größe ''x'' — العربية
line', 'journal.deed 1 größe ''x'' — العربية
line', 'journal.subject 1 größe ''x'' — العربية
line', 'journal.told 1 größe ''x'' — العربية
line');
INSERT INTO journal (position, at, who, deed, subject, told) VALUES (2147483640, '2026-11-22 11:30:15.123456+00:00', 'journal.who 2 größe ''x'' — العربية
line', 'journal.deed 2 größe ''x'' — العربية
line', 'journal.subject 2 größe ''x'' — العربية
line', 'journal.told 2 größe ''x'' — العربية
line');
CREATE TABLE keys (
	key_hash TEXT NOT NULL,
	name TEXT NOT NULL,
	role TEXT NOT NULL,
	made_by TEXT NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	revoked_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_keys PRIMARY KEY (key_hash)
);
CREATE INDEX ix_keys_name ON keys (name);
INSERT INTO keys (key_hash, name, role, made_by, made_at, revoked_at) VALUES ('keys.key_hash 1 größe ''x'' — العربية
line', 'keys.name 1 größe ''x'' — العربية
line', 'keys.role 1 größe ''x'' — العربية
line', 'keys.made_by 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00', NULL);
INSERT INTO keys (key_hash, name, role, made_by, made_at, revoked_at) VALUES ('keys.key_hash 2 größe ''x'' — العربية
line', 'keys.name 2 größe ''x'' — العربية
line', 'keys.role 2 größe ''x'' — العربية
line', 'keys.made_by 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE messages (
	position SERIAL NOT NULL,
	session_id TEXT NOT NULL,
	turn TEXT NOT NULL,
	text TEXT NOT NULL,
	status TEXT NOT NULL,
	answered_by TEXT NOT NULL,
	stopped TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_messages PRIMARY KEY (position)
);
CREATE UNIQUE INDEX ix_messages_session_id_turn ON messages (session_id, turn);
CREATE INDEX ix_messages_status ON messages (status);
INSERT INTO messages (position, session_id, turn, text, status, answered_by, stopped, at) VALUES (2147483639, 'messages.session_id 1 größe ''x'' — العربية
line', 'messages.turn 1 größe ''x'' — العربية
line', 'messages.text 1 größe ''x'' — العربية
line', 'messages.status 1 größe ''x'' — العربية
line', 'messages.answered_by 1 größe ''x'' — العربية
line', 'messages.stopped 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO messages (position, session_id, turn, text, status, answered_by, stopped, at) VALUES (2147483640, 'messages.session_id 2 größe ''x'' — العربية
line', 'messages.turn 2 größe ''x'' — العربية
line', 'messages.text 2 größe ''x'' — العربية
line', 'messages.status 2 größe ''x'' — العربية
line', 'messages.answered_by 2 größe ''x'' — العربية
line', 'messages.stopped 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE model_use (
	day TEXT NOT NULL,
	model TEXT NOT NULL,
	calls BIGINT NOT NULL,
	tokens BIGINT NOT NULL,
	microdollars BIGINT NOT NULL,
	CONSTRAINT pk_model_use PRIMARY KEY (day, model)
);
INSERT INTO model_use (day, model, calls, tokens, microdollars) VALUES ('model_use.day 1 größe ''x'' — العربية
line', 'model_use.model 1 größe ''x'' — العربية
line', 2147483639, 2147483639, 2147483639);
INSERT INTO model_use (day, model, calls, tokens, microdollars) VALUES ('model_use.day 2 größe ''x'' — العربية
line', 'model_use.model 2 größe ''x'' — العربية
line', 2147483640, 2147483640, 2147483640);
CREATE TABLE operations (
	operation_id TEXT NOT NULL,
	written BOOLEAN NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_operations PRIMARY KEY (operation_id)
);
INSERT INTO operations (operation_id, written, at) VALUES ('operations.operation_id 1 größe ''x'' — العربية
line', true, '2026-11-22 10:30:15.123456+00:00');
INSERT INTO operations (operation_id, written, at) VALUES ('operations.operation_id 2 größe ''x'' — العربية
line', false, '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE orders (
	order_key TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	placed_at TIMESTAMP WITH TIME ZONE,
	version INTEGER NOT NULL,
	data JSON NOT NULL,
	CONSTRAINT pk_orders PRIMARY KEY (order_key)
);
CREATE INDEX ix_orders_customer_id ON orders (customer_id);
INSERT INTO orders (order_key, customer_id, placed_at, version, data) VALUES ('orders.order_key 1 größe ''x'' — العربية
line', 'orders.customer_id 1 größe ''x'' — العربية
line', NULL, 2147483639, '{"of": "orders.data", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}');
INSERT INTO orders (order_key, customer_id, placed_at, version, data) VALUES ('orders.order_key 2 größe ''x'' — العربية
line', 'orders.customer_id 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00', 2147483640, '{"of": "orders.data", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}');
CREATE TABLE person_talk (
	position SERIAL NOT NULL,
	handoff_id TEXT NOT NULL,
	session_id TEXT NOT NULL,
	speaker TEXT NOT NULL,
	name TEXT NOT NULL,
	text TEXT NOT NULL,
	language TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	heard BOOLEAN NOT NULL,
	origin TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_person_talk PRIMARY KEY (position)
);
CREATE INDEX ix_person_talk_handoff_id ON person_talk (handoff_id);
CREATE INDEX ix_person_talk_origin ON person_talk (origin);
CREATE INDEX ix_person_talk_session_id ON person_talk (session_id);
INSERT INTO person_talk (position, handoff_id, session_id, speaker, name, text, language, at, heard, origin) VALUES (2147483639, 'person_talk.handoff_id 1 größe ''x'' — العربية
line', 'person_talk.session_id 1 größe ''x'' — العربية
line', 'person_talk.speaker 1 größe ''x'' — العربية
line', 'person_talk.name 1 größe ''x'' — العربية
line', 'person_talk.text 1 größe ''x'' — العربية
line', 'person_talk.language 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00', true, 'person_talk.origin 1 größe ''x'' — العربية
line');
INSERT INTO person_talk (position, handoff_id, session_id, speaker, name, text, language, at, heard, origin) VALUES (2147483640, 'person_talk.handoff_id 2 größe ''x'' — العربية
line', 'person_talk.session_id 2 größe ''x'' — العربية
line', 'person_talk.speaker 2 größe ''x'' — العربية
line', 'person_talk.name 2 größe ''x'' — العربية
line', 'person_talk.text 2 größe ''x'' — العربية
line', 'person_talk.language 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00', false, 'person_talk.origin 2 größe ''x'' — العربية
line');
CREATE TABLE product_keys (
	key TEXT NOT NULL,
	product_id TEXT NOT NULL,
	CONSTRAINT pk_product_keys PRIMARY KEY (key)
);
INSERT INTO product_keys (key, product_id) VALUES ('product_keys.key 1 größe ''x'' — العربية
line', 'product_keys.product_id 1 größe ''x'' — العربية
line');
INSERT INTO product_keys (key, product_id) VALUES ('product_keys.key 2 größe ''x'' — العربية
line', 'product_keys.product_id 2 größe ''x'' — العربية
line');
CREATE TABLE products (
	product_id TEXT NOT NULL,
	position INTEGER NOT NULL,
	version INTEGER DEFAULT '1' NOT NULL,
	data JSON NOT NULL,
	CONSTRAINT pk_products PRIMARY KEY (product_id)
);
CREATE INDEX ix_products_position ON products (position);
INSERT INTO products (product_id, position, version, data) VALUES ('products.product_id 1 größe ''x'' — العربية
line', 2147483639, 2147483639, '{"of": "products.data", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}');
INSERT INTO products (product_id, position, version, data) VALUES ('products.product_id 2 größe ''x'' — العربية
line', 2147483640, 2147483640, '{"of": "products.data", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}');
CREATE TABLE ratings (
	session_id TEXT NOT NULL,
	stars INTEGER NOT NULL,
	comment TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_ratings PRIMARY KEY (session_id)
);
CREATE INDEX ix_ratings_at ON ratings (at);
INSERT INTO ratings (session_id, stars, comment, at) VALUES ('ratings.session_id 1 größe ''x'' — العربية
line', 2147483639, 'ratings.comment 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO ratings (session_id, stars, comment, at) VALUES ('ratings.session_id 2 größe ''x'' — العربية
line', 2147483640, 'ratings.comment 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE searches (
	id SERIAL NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	kind TEXT NOT NULL,
	text TEXT NOT NULL,
	language TEXT NOT NULL,
	market TEXT NOT NULL,
	role TEXT NOT NULL,
	channel TEXT NOT NULL,
	session_id TEXT,
	outcome TEXT NOT NULL,
	documents JSON NOT NULL,
	score DOUBLE PRECISION NOT NULL,
	CONSTRAINT pk_searches PRIMARY KEY (id)
);
CREATE INDEX ix_searches_at ON searches (at);
INSERT INTO searches (id, at, kind, text, language, market, role, channel, session_id, outcome, documents, score) VALUES (2147483639, '2026-11-22 10:30:15.123456+00:00', 'searches.kind 1 größe ''x'' — العربية
line', 'searches.text 1 größe ''x'' — العربية
line', 'searches.language 1 größe ''x'' — العربية
line', 'searches.market 1 größe ''x'' — العربية
line', 'searches.role 1 größe ''x'' — العربية
line', 'searches.channel 1 größe ''x'' — العربية
line', NULL, 'searches.outcome 1 größe ''x'' — العربية
line', '{"of": "searches.documents", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', 2.5);
INSERT INTO searches (id, at, kind, text, language, market, role, channel, session_id, outcome, documents, score) VALUES (2147483640, '2026-11-22 11:30:15.123456+00:00', 'searches.kind 2 größe ''x'' — العربية
line', 'searches.text 2 größe ''x'' — العربية
line', 'searches.language 2 größe ''x'' — العربية
line', 'searches.market 2 größe ''x'' — العربية
line', 'searches.role 2 größe ''x'' — العربية
line', 'searches.channel 2 größe ''x'' — العربية
line', 'searches.session_id 2 größe ''x'' — العربية
line', 'searches.outcome 2 größe ''x'' — العربية
line', '{"of": "searches.documents", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', 3.5);
CREATE TABLE sessions (
	session_id TEXT NOT NULL,
	token_hash TEXT NOT NULL,
	role TEXT NOT NULL,
	channel TEXT NOT NULL,
	locale TEXT NOT NULL,
	language TEXT NOT NULL,
	market TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	order_ids JSON NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_sessions PRIMARY KEY (session_id)
);
INSERT INTO sessions (session_id, token_hash, role, channel, locale, language, market, customer_id, order_ids, created_at) VALUES ('sessions.session_id 1 größe ''x'' — العربية
line', 'sessions.token_hash 1 größe ''x'' — العربية
line', 'sessions.role 1 größe ''x'' — العربية
line', 'sessions.channel 1 größe ''x'' — العربية
line', 'sessions.locale 1 größe ''x'' — العربية
line', 'sessions.language 1 größe ''x'' — العربية
line', 'sessions.market 1 größe ''x'' — العربية
line', 'sessions.customer_id 1 größe ''x'' — العربية
line', '{"of": "sessions.order_ids", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO sessions (session_id, token_hash, role, channel, locale, language, market, customer_id, order_ids, created_at) VALUES ('sessions.session_id 2 größe ''x'' — العربية
line', 'sessions.token_hash 2 größe ''x'' — العربية
line', 'sessions.role 2 größe ''x'' — العربية
line', 'sessions.channel 2 größe ''x'' — العربية
line', 'sessions.locale 2 größe ''x'' — العربية
line', 'sessions.language 2 größe ''x'' — العربية
line', 'sessions.market 2 größe ''x'' — العربية
line', 'sessions.customer_id 2 größe ''x'' — العربية
line', '{"of": "sessions.order_ids", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE shop_facts (
	key TEXT NOT NULL,
	value JSON NOT NULL,
	CONSTRAINT pk_shop_facts PRIMARY KEY (key)
);
INSERT INTO shop_facts (key, value) VALUES ('shop_facts.key 1 größe ''x'' — العربية
line', '{"of": "shop_facts.value", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}');
INSERT INTO shop_facts (key, value) VALUES ('shop_facts.key 2 größe ''x'' — العربية
line', '{"of": "shop_facts.value", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}');
CREATE TABLE slack_events (
	position SERIAL NOT NULL,
	event_id TEXT NOT NULL,
	lane TEXT NOT NULL,
	place TEXT NOT NULL,
	ts TEXT NOT NULL,
	body JSON NOT NULL,
	status TEXT NOT NULL,
	tries INTEGER NOT NULL,
	not_before TIMESTAMP WITH TIME ZONE NOT NULL,
	until TIMESTAMP WITH TIME ZONE,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_slack_events PRIMARY KEY (position),
	UNIQUE (event_id)
);
CREATE INDEX ix_slack_events_at ON slack_events (at);
CREATE INDEX ix_slack_events_status_place ON slack_events (status, place);
INSERT INTO slack_events (position, event_id, lane, place, ts, body, status, tries, not_before, until, at) VALUES (2147483639, 'slack_events.event_id 1 größe ''x'' — العربية
line', 'slack_events.lane 1 größe ''x'' — العربية
line', 'slack_events.place 1 größe ''x'' — العربية
line', 'slack_events.ts 1 größe ''x'' — العربية
line', '{"of": "slack_events.body", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', 'slack_events.status 1 größe ''x'' — العربية
line', 2147483639, '2026-11-22 10:30:15.123456+00:00', NULL, '2026-11-22 10:30:15.123456+00:00');
INSERT INTO slack_events (position, event_id, lane, place, ts, body, status, tries, not_before, until, at) VALUES (2147483640, 'slack_events.event_id 2 größe ''x'' — العربية
line', 'slack_events.lane 2 größe ''x'' — العربية
line', 'slack_events.place 2 größe ''x'' — العربية
line', 'slack_events.ts 2 größe ''x'' — العربية
line', '{"of": "slack_events.body", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', 'slack_events.status 2 größe ''x'' — العربية
line', 2147483640, '2026-11-22 11:30:15.123456+00:00', '2026-11-22 11:30:15.123456+00:00', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE slack_installs (
	state TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_slack_installs PRIMARY KEY (state)
);
INSERT INTO slack_installs (state, at) VALUES ('slack_installs.state 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO slack_installs (state, at) VALUES ('slack_installs.state 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE slack_posts (
	key TEXT NOT NULL,
	team TEXT NOT NULL,
	channel TEXT NOT NULL,
	ts TEXT NOT NULL,
	thread TEXT NOT NULL,
	state JSON NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_slack_posts PRIMARY KEY (key)
);
CREATE INDEX ix_slack_posts_channel_ts ON slack_posts (channel, ts);
INSERT INTO slack_posts (key, team, channel, ts, thread, state, at) VALUES ('slack_posts.key 1 größe ''x'' — العربية
line', 'slack_posts.team 1 größe ''x'' — العربية
line', 'slack_posts.channel 1 größe ''x'' — العربية
line', 'slack_posts.ts 1 größe ''x'' — العربية
line', 'slack_posts.thread 1 größe ''x'' — العربية
line', '{"of": "slack_posts.state", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO slack_posts (key, team, channel, ts, thread, state, at) VALUES ('slack_posts.key 2 größe ''x'' — العربية
line', 'slack_posts.team 2 größe ''x'' — العربية
line', 'slack_posts.channel 2 größe ''x'' — العربية
line', 'slack_posts.ts 2 größe ''x'' — العربية
line', 'slack_posts.thread 2 größe ''x'' — العربية
line', '{"of": "slack_posts.state", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE slack_teams (
	team TEXT NOT NULL,
	name TEXT NOT NULL,
	token TEXT NOT NULL,
	bot_user TEXT NOT NULL,
	scopes TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_slack_teams PRIMARY KEY (team)
);
INSERT INTO slack_teams (team, name, token, bot_user, scopes, at) VALUES ('slack_teams.team 1 größe ''x'' — العربية
line', 'slack_teams.name 1 größe ''x'' — العربية
line', 'slack_teams.token 1 größe ''x'' — العربية
line', 'slack_teams.bot_user 1 größe ''x'' — العربية
line', 'slack_teams.scopes 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO slack_teams (team, name, token, bot_user, scopes, at) VALUES ('slack_teams.team 2 größe ''x'' — العربية
line', 'slack_teams.name 2 größe ''x'' — العربية
line', 'slack_teams.token 2 größe ''x'' — العربية
line', 'slack_teams.bot_user 2 größe ''x'' — العربية
line', 'slack_teams.scopes 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE slack_threads (
	place TEXT NOT NULL,
	kind TEXT NOT NULL,
	reference TEXT NOT NULL,
	state JSON NOT NULL,
	CONSTRAINT pk_slack_threads PRIMARY KEY (place)
);
CREATE INDEX ix_slack_threads_reference ON slack_threads (reference);
INSERT INTO slack_threads (place, kind, reference, state) VALUES ('slack_threads.place 1 größe ''x'' — العربية
line', 'slack_threads.kind 1 größe ''x'' — العربية
line', 'slack_threads.reference 1 größe ''x'' — العربية
line', '{"of": "slack_threads.state", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}');
INSERT INTO slack_threads (place, kind, reference, state) VALUES ('slack_threads.place 2 größe ''x'' — العربية
line', 'slack_threads.kind 2 größe ''x'' — العربية
line', 'slack_threads.reference 2 größe ''x'' — العربية
line', '{"of": "slack_threads.state", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}');
CREATE TABLE studio_batches (
	batch_id TEXT NOT NULL,
	title TEXT NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	made_by TEXT NOT NULL,
	state TEXT NOT NULL,
	source TEXT NOT NULL,
	locales JSON NOT NULL,
	channels JSON NOT NULL,
	writer TEXT NOT NULL,
	lease TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_studio_batches PRIMARY KEY (batch_id)
);
CREATE INDEX ix_studio_batches_made_at ON studio_batches (made_at);
INSERT INTO studio_batches (batch_id, title, made_at, made_by, state, source, locales, channels, writer, lease) VALUES ('studio_batches.batch_id 1 größe ''x'' — العربية
line', 'studio_batches.title 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00', 'studio_batches.made_by 1 größe ''x'' — العربية
line', 'studio_batches.state 1 größe ''x'' — العربية
line', 'studio_batches.source 1 größe ''x'' — العربية
line', '{"of": "studio_batches.locales", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', '{"of": "studio_batches.channels", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', 'studio_batches.writer 1 größe ''x'' — العربية
line', NULL);
INSERT INTO studio_batches (batch_id, title, made_at, made_by, state, source, locales, channels, writer, lease) VALUES ('studio_batches.batch_id 2 größe ''x'' — العربية
line', 'studio_batches.title 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00', 'studio_batches.made_by 2 größe ''x'' — العربية
line', 'studio_batches.state 2 größe ''x'' — العربية
line', 'studio_batches.source 2 größe ''x'' — العربية
line', '{"of": "studio_batches.locales", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', '{"of": "studio_batches.channels", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', 'studio_batches.writer 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE studio_cells (
	cell_id SERIAL NOT NULL,
	draft_id INTEGER NOT NULL,
	batch_id TEXT NOT NULL,
	position INTEGER NOT NULL,
	channel TEXT NOT NULL,
	locale TEXT NOT NULL,
	field TEXT NOT NULL,
	item INTEGER NOT NULL,
	place INTEGER NOT NULL,
	text TEXT NOT NULL,
	live TEXT NOT NULL,
	version INTEGER NOT NULL,
	origin TEXT NOT NULL,
	model TEXT NOT NULL,
	level TEXT NOT NULL,
	findings JSON NOT NULL,
	claims JSON NOT NULL,
	state TEXT NOT NULL,
	decided_by TEXT NOT NULL,
	decided_at TIMESTAMP WITH TIME ZONE,
	comments INTEGER NOT NULL,
	CONSTRAINT pk_studio_cells PRIMARY KEY (cell_id)
);
CREATE INDEX ix_studio_cells_count ON studio_cells (batch_id, channel, state, level, position);
CREATE INDEX ix_studio_cells_draft_id ON studio_cells (draft_id);
CREATE INDEX ix_studio_cells_page ON studio_cells (batch_id, channel, position, place);
INSERT INTO studio_cells (cell_id, draft_id, batch_id, position, channel, locale, field, item, place, text, live, version, origin, model, level, findings, claims, state, decided_by, decided_at, comments) VALUES (2147483639, 2147483639, 'studio_cells.batch_id 1 größe ''x'' — العربية
line', 2147483639, 'studio_cells.channel 1 größe ''x'' — العربية
line', 'studio_cells.locale 1 größe ''x'' — العربية
line', 'studio_cells.field 1 größe ''x'' — العربية
line', 2147483639, 2147483639, 'studio_cells.text 1 größe ''x'' — العربية
line', 'studio_cells.live 1 größe ''x'' — العربية
line', 2147483639, 'studio_cells.origin 1 größe ''x'' — العربية
line', 'studio_cells.model 1 größe ''x'' — العربية
line', 'studio_cells.level 1 größe ''x'' — العربية
line', '{"of": "studio_cells.findings", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', '{"of": "studio_cells.claims", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', 'studio_cells.state 1 größe ''x'' — العربية
line', 'studio_cells.decided_by 1 größe ''x'' — العربية
line', NULL, 2147483639);
INSERT INTO studio_cells (cell_id, draft_id, batch_id, position, channel, locale, field, item, place, text, live, version, origin, model, level, findings, claims, state, decided_by, decided_at, comments) VALUES (2147483640, 2147483640, 'studio_cells.batch_id 2 größe ''x'' — العربية
line', 2147483640, 'studio_cells.channel 2 größe ''x'' — العربية
line', 'studio_cells.locale 2 größe ''x'' — العربية
line', 'studio_cells.field 2 größe ''x'' — العربية
line', 2147483640, 2147483640, 'studio_cells.text 2 größe ''x'' — العربية
line', 'studio_cells.live 2 größe ''x'' — العربية
line', 2147483640, 'studio_cells.origin 2 größe ''x'' — العربية
line', 'studio_cells.model 2 größe ''x'' — العربية
line', 'studio_cells.level 2 größe ''x'' — العربية
line', '{"of": "studio_cells.findings", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', '{"of": "studio_cells.claims", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', 'studio_cells.state 2 größe ''x'' — العربية
line', 'studio_cells.decided_by 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00', 2147483640);
CREATE TABLE studio_comments (
	comment_id SERIAL NOT NULL,
	cell_id INTEGER NOT NULL,
	by TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	text TEXT NOT NULL,
	CONSTRAINT pk_studio_comments PRIMARY KEY (comment_id)
);
CREATE INDEX ix_studio_comments_cell_id ON studio_comments (cell_id);
INSERT INTO studio_comments (comment_id, cell_id, by, at, text) VALUES (2147483639, 2147483639, 'studio_comments.by 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00', 'studio_comments.text 1 größe ''x'' — العربية
line');
INSERT INTO studio_comments (comment_id, cell_id, by, at, text) VALUES (2147483640, 2147483640, 'studio_comments.by 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00', 'studio_comments.text 2 größe ''x'' — العربية
line');
CREATE TABLE studio_drafts (
	draft_id SERIAL NOT NULL,
	batch_id TEXT NOT NULL,
	position INTEGER NOT NULL,
	channel TEXT NOT NULL,
	locale TEXT NOT NULL,
	state TEXT NOT NULL,
	why TEXT NOT NULL,
	written_by TEXT NOT NULL,
	rest JSON NOT NULL,
	missing JSON NOT NULL,
	CONSTRAINT pk_studio_drafts PRIMARY KEY (draft_id)
);
CREATE INDEX ix_studio_drafts_batch ON studio_drafts (batch_id, state, position);
INSERT INTO studio_drafts (draft_id, batch_id, position, channel, locale, state, why, written_by, rest, missing) VALUES (2147483639, 'studio_drafts.batch_id 1 größe ''x'' — العربية
line', 2147483639, 'studio_drafts.channel 1 größe ''x'' — العربية
line', 'studio_drafts.locale 1 größe ''x'' — العربية
line', 'studio_drafts.state 1 größe ''x'' — العربية
line', 'studio_drafts.why 1 größe ''x'' — العربية
line', 'studio_drafts.written_by 1 größe ''x'' — العربية
line', '{"of": "studio_drafts.rest", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', '{"of": "studio_drafts.missing", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}');
INSERT INTO studio_drafts (draft_id, batch_id, position, channel, locale, state, why, written_by, rest, missing) VALUES (2147483640, 'studio_drafts.batch_id 2 größe ''x'' — العربية
line', 2147483640, 'studio_drafts.channel 2 größe ''x'' — العربية
line', 'studio_drafts.locale 2 größe ''x'' — العربية
line', 'studio_drafts.state 2 größe ''x'' — العربية
line', 'studio_drafts.why 2 größe ''x'' — العربية
line', 'studio_drafts.written_by 2 größe ''x'' — العربية
line', '{"of": "studio_drafts.rest", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', '{"of": "studio_drafts.missing", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}');
CREATE TABLE studio_products (
	batch_id TEXT NOT NULL,
	position INTEGER NOT NULL,
	sku TEXT NOT NULL,
	name TEXT NOT NULL,
	state TEXT NOT NULL,
	facts JSON NOT NULL,
	conflicts JSON NOT NULL,
	CONSTRAINT pk_studio_products PRIMARY KEY (batch_id, position)
);
INSERT INTO studio_products (batch_id, position, sku, name, state, facts, conflicts) VALUES ('studio_products.batch_id 1 größe ''x'' — العربية
line', 2147483639, 'studio_products.sku 1 größe ''x'' — العربية
line', 'studio_products.name 1 größe ''x'' — العربية
line', 'studio_products.state 1 größe ''x'' — العربية
line', '{"of": "studio_products.facts", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', '{"of": "studio_products.conflicts", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}');
INSERT INTO studio_products (batch_id, position, sku, name, state, facts, conflicts) VALUES ('studio_products.batch_id 2 größe ''x'' — العربية
line', 2147483640, 'studio_products.sku 2 größe ''x'' — العربية
line', 'studio_products.name 2 größe ''x'' — العربية
line', 'studio_products.state 2 größe ''x'' — العربية
line', '{"of": "studio_products.facts", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', '{"of": "studio_products.conflicts", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}');
CREATE TABLE studio_versions (
	cell_id INTEGER NOT NULL,
	version INTEGER NOT NULL,
	text TEXT NOT NULL,
	origin TEXT NOT NULL,
	restates INTEGER NOT NULL,
	by TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_studio_versions PRIMARY KEY (cell_id, version)
);
INSERT INTO studio_versions (cell_id, version, text, origin, restates, by, at) VALUES (2147483639, 2147483639, 'studio_versions.text 1 größe ''x'' — العربية
line', 'studio_versions.origin 1 größe ''x'' — العربية
line', 2147483639, 'studio_versions.by 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO studio_versions (cell_id, version, text, origin, restates, by, at) VALUES (2147483640, 2147483640, 'studio_versions.text 2 größe ''x'' — العربية
line', 'studio_versions.origin 2 größe ''x'' — العربية
line', 2147483640, 'studio_versions.by 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE terms (
	digest TEXT NOT NULL,
	source TEXT NOT NULL,
	source_locale TEXT NOT NULL,
	locale TEXT NOT NULL,
	target TEXT NOT NULL,
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	note TEXT NOT NULL,
	by TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_terms PRIMARY KEY (digest)
);
CREATE INDEX ix_terms_locale ON terms (locale);
INSERT INTO terms (digest, source, source_locale, locale, target, kind, state, note, by, at) VALUES ('terms.digest 1 größe ''x'' — العربية
line', 'terms.source 1 größe ''x'' — العربية
line', 'terms.source_locale 1 größe ''x'' — العربية
line', 'terms.locale 1 größe ''x'' — العربية
line', 'terms.target 1 größe ''x'' — العربية
line', 'terms.kind 1 größe ''x'' — العربية
line', 'terms.state 1 größe ''x'' — العربية
line', 'terms.note 1 größe ''x'' — العربية
line', 'terms.by 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO terms (digest, source, source_locale, locale, target, kind, state, note, by, at) VALUES ('terms.digest 2 größe ''x'' — العربية
line', 'terms.source 2 größe ''x'' — العربية
line', 'terms.source_locale 2 größe ''x'' — العربية
line', 'terms.locale 2 größe ''x'' — العربية
line', 'terms.target 2 größe ''x'' — العربية
line', 'terms.kind 2 größe ''x'' — العربية
line', 'terms.state 2 größe ''x'' — العربية
line', 'terms.note 2 größe ''x'' — العربية
line', 'terms.by 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE tokens (
	token_hash TEXT NOT NULL,
	session_id TEXT NOT NULL,
	until TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_tokens PRIMARY KEY (token_hash)
);
CREATE INDEX ix_tokens_session_id ON tokens (session_id);
INSERT INTO tokens (token_hash, session_id, until) VALUES ('tokens.token_hash 1 größe ''x'' — العربية
line', 'tokens.session_id 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO tokens (token_hash, session_id, until) VALUES ('tokens.token_hash 2 größe ''x'' — العربية
line', 'tokens.session_id 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE traces (
	id SERIAL NOT NULL,
	trace TEXT NOT NULL,
	session_id TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	channel TEXT NOT NULL,
	role TEXT NOT NULL,
	language TEXT NOT NULL,
	engine TEXT NOT NULL,
	outcome TEXT NOT NULL,
	seconds DOUBLE PRECISION NOT NULL,
	record JSON NOT NULL,
	CONSTRAINT pk_traces PRIMARY KEY (id)
);
CREATE INDEX ix_traces_at ON traces (at);
CREATE INDEX ix_traces_session_id ON traces (session_id);
CREATE INDEX ix_traces_trace ON traces (trace);
INSERT INTO traces (id, trace, session_id, at, channel, role, language, engine, outcome, seconds, record) VALUES (2147483639, 'traces.trace 1 größe ''x'' — العربية
line', 'traces.session_id 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00', 'traces.channel 1 größe ''x'' — العربية
line', 'traces.role 1 größe ''x'' — العربية
line', 'traces.language 1 größe ''x'' — العربية
line', 'traces.engine 1 größe ''x'' — العربية
line', 'traces.outcome 1 größe ''x'' — العربية
line', 2.5, '{"of": "traces.record", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}');
INSERT INTO traces (id, trace, session_id, at, channel, role, language, engine, outcome, seconds, record) VALUES (2147483640, 'traces.trace 2 größe ''x'' — العربية
line', 'traces.session_id 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00', 'traces.channel 2 größe ''x'' — العربية
line', 'traces.role 2 größe ''x'' — العربية
line', 'traces.language 2 größe ''x'' — العربية
line', 'traces.engine 2 größe ''x'' — العربية
line', 'traces.outcome 2 größe ''x'' — العربية
line', 3.5, '{"of": "traces.record", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}');
CREATE TABLE translations (
	digest TEXT NOT NULL,
	source TEXT NOT NULL,
	target TEXT NOT NULL,
	source_locale TEXT NOT NULL,
	locale TEXT NOT NULL,
	origin TEXT NOT NULL,
	by TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_translations PRIMARY KEY (digest)
);
CREATE INDEX ix_translations_at ON translations (at);
CREATE INDEX ix_translations_locale ON translations (locale);
INSERT INTO translations (digest, source, target, source_locale, locale, origin, by, at) VALUES ('translations.digest 1 größe ''x'' — العربية
line', 'translations.source 1 größe ''x'' — العربية
line', 'translations.target 1 größe ''x'' — العربية
line', 'translations.source_locale 1 größe ''x'' — العربية
line', 'translations.locale 1 größe ''x'' — العربية
line', 'translations.origin 1 größe ''x'' — العربية
line', 'translations.by 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO translations (digest, source, target, source_locale, locale, origin, by, at) VALUES ('translations.digest 2 größe ''x'' — العربية
line', 'translations.source 2 größe ''x'' — العربية
line', 'translations.target 2 größe ''x'' — العربية
line', 'translations.source_locale 2 größe ''x'' — العربية
line', 'translations.locale 2 größe ''x'' — العربية
line', 'translations.origin 2 größe ''x'' — العربية
line', 'translations.by 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE turns (
	turn_id SERIAL NOT NULL,
	session_id TEXT NOT NULL,
	turn TEXT NOT NULL,
	question TEXT NOT NULL,
	answer TEXT NOT NULL,
	shown JSON NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_turns PRIMARY KEY (turn_id)
);
CREATE INDEX ix_turns_session_id ON turns (session_id);
INSERT INTO turns (turn_id, session_id, turn, question, answer, shown, at) VALUES (2147483639, 'turns.session_id 1 größe ''x'' — العربية
line', 'turns.turn 1 größe ''x'' — العربية
line', 'turns.question 1 größe ''x'' — العربية
line', 'turns.answer 1 größe ''x'' — العربية
line', '{"of": "turns.shown", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO turns (turn_id, session_id, turn, question, answer, shown, at) VALUES (2147483640, 'turns.session_id 2 größe ''x'' — العربية
line', 'turns.turn 2 größe ''x'' — العربية
line', 'turns.question 2 größe ''x'' — العربية
line', 'turns.answer 2 größe ''x'' — العربية
line', '{"of": "turns.shown", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE typing (
	session_id TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_typing PRIMARY KEY (session_id)
);
INSERT INTO typing (session_id, at) VALUES ('typing.session_id 1 größe ''x'' — العربية
line', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO typing (session_id, at) VALUES ('typing.session_id 2 größe ''x'' — العربية
line', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE visits (
	subject TEXT NOT NULL,
	times JSON NOT NULL,
	until TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_visits PRIMARY KEY (subject)
);
CREATE INDEX ix_visits_until ON visits (until);
INSERT INTO visits (subject, times, until) VALUES ('visits.subject 1 größe ''x'' — العربية
line', '{"of": "visits.times", "row": 1, "name": "Zoë 東京 🎁 ''quoted''"}', '2026-11-22 10:30:15.123456+00:00');
INSERT INTO visits (subject, times, until) VALUES ('visits.subject 2 größe ''x'' — العربية
line', '{"of": "visits.times", "row": 2, "name": "Zoë 東京 🎁 ''quoted''"}', '2026-11-22 11:30:15.123456+00:00');
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('0001');
