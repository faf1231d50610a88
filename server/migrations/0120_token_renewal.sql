-- A token that is about to end may be followed by another of the same line; the line has an end of its own.
alter table api_token add column first_issued_at timestamptz;
