-- An upload whose length its sender does not know yet: whoever brings the bytes tells it when they end.
alter table upload alter column length drop not null;
