-- What a state changed, in numbers, so that lists of states need not read the changes themselves; and where a large tree lies as it
-- was then, so that a start need not make it anew. The recipe stays the truth.
alter table virus_tree_state
  add column added integer not null default 0,
  add column moved integer not null default 0,
  add column renamed integer not null default 0,
  add column refused integer not null default 0,
  add column checkpoint text;
update virus_tree_state set
  added = jsonb_array_length(diff -> 'added'),
  moved = jsonb_array_length(diff -> 'moved'),
  renamed = jsonb_array_length(diff -> 'renamed'),
  refused = jsonb_array_length(diff -> 'refused');
