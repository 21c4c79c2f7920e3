/**
 * The tables, as they came: each text brings a file of the version before it to its own version, counted from 1. One that was
 * released is never changed.
 */
export const VERSIONS: readonly string[] = [
  `create table services (name text primary key, record text not null) strict;
  create table releases (
    service text not null, id text not null, made_at integer not null, body text not null,
    primary key (service, id)) strict;
  create table rollouts (
    id integer primary key autoincrement, service text not null, kind text not null, plan text not null,
    baseline text not null, started_at integer not null, ended_at integer, outcome text, because text, ledger text) strict;
  create unique index one_rollout_per_service on rollouts (service) where ended_at is null;
  create table journal (
    rollout integer not null references rollouts, seq integer not null, at integer not null, fence integer not null,
    mark text not null, primary key (rollout, seq)) strict;
  create table lease (one integer primary key check (one = 1), fence integer not null) strict;
  insert into lease values (1, 0);`,

  `alter table rollouts add column asked_by text;
  create table records (
    rollout integer not null references rollouts, seq integer not null, at integer not null, kind text not null,
    used integer not null, body blob not null, primary key (rollout, seq)) strict;
  create table outbox (
    id integer primary key autoincrement, rollout integer not null references rollouts, name text not null,
    target text not null, notice text not null, made_at integer not null, tries integer not null, due_at integer,
    sent_at integer, failure text, unique (rollout, name)) strict;
  create index outbox_due on outbox (due_at) where due_at is not null;`,

  `create table groups (
    id integer primary key autoincrement, name text not null, members text not null, started_at integer not null,
    ended_at integer, outcome text, because text) strict;
  create table group_journal (
    group_id integer not null references groups, seq integer not null, at integer not null, fence integer not null,
    mark text not null, primary key (group_id, seq)) strict;`,

  `alter table groups add column asked_by text;`,
]
