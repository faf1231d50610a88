import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { IndexedObject } from '../../server/src/modules/catalog/index.ts';
import { exact } from '../../server/src/modules/catalog/lexeme.ts';
import { parseQuery, type Term } from '../../server/src/modules/catalog/query.ts';
import { rowOf } from '../../server/src/modules/catalog/row.ts';

/** The peer: SQLite FTS5 over the same words, in one file that four threads read. */
export interface Question {
  readonly kind: string;
  readonly q: string;
  readonly ticked: Readonly<Partial<Record<string, readonly string[]>>>;
}

const facets = ['type', 'organism', 'country', 'strategy', 'platform', 'organisation_id', 'year', 'manner'];
/** FTS5 reads no blank within a token. */
const token = (word: string) => word.replaceAll(/[^\p{L}\p{N}=:]/gu, '_');

export function fillSqlite(folder: string, objects: Iterable<IndexedObject>): void {
  const db = new DatabaseSync(join(folder, 'peer.sqlite'));
  db.exec(`pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -500000;
    create table entry (id integer primary key, accession text, title text, sorted_at text, ${facets.join(', ')});
    create virtual table words using fts5(title, body, content='', detail=full, tokenize="unicode61 remove_diacritics 0 tokenchars '=:_'");
    create virtual table vocabulary using fts5vocab(words, row);
    begin`);
  const entry = db.prepare(`insert into entry values (?, ?, ?, ?, ${facets.map(() => '?').join(', ')})`);
  const words = db.prepare('insert into words (rowid, title, body) values (?, ?, ?)');
  let id = 0;
  for (const object of objects) {
    const row = rowOf(object, new Date(0));
    if (!row.open) continue;
    id += 1;
    entry.run(
      id,
      row.accession,
      row.title,
      row.sorted_at,
      ...facets.map((name) => row[name as keyof typeof row] as string | number | null),
    );
    words.run(id, ...wordsOf(row.document));
  }
  db.exec(`commit; insert into words(words) values ('optimize'); analyze`);
  db.close();
}

/** The words of a tsvector in their order, those of the title apart; exact words follow. */
function wordsOf(document: string): [string, string] {
  const placed: [number, string, boolean][] = [];
  const exactWords: string[] = [];
  for (const [, word = '', places] of document.matchAll(/'((?:[^']|'')*)'(?::([\dABCD,]+))?/g)) {
    if (!places) exactWords.push(token(word));
    else for (const place of places.split(',')) placed.push([Number.parseInt(place, 10), word, place.endsWith('A')]);
  }
  placed.sort((a, b) => a[0] - b[0]);
  const text = (title: boolean) =>
    placed
      .filter((one) => one[2] === title)
      .map((one) => one[1])
      .join(' ');
  return [text(true), `${text(false)} ${exactWords.join(' ')}`];
}

/** One reader in a thread of its own; an answer is a page, a total up to the cap, and eight facets. */
export function startReader(folder: string): {
  read: (question: Question) => Promise<unknown>;
  stop: () => Promise<number>;
} {
  const worker = new Worker(new URL(import.meta.url), { workerData: { folder } });
  return {
    read: (question) =>
      new Promise((done, fail) => {
        worker.once('message', done);
        worker.removeAllListeners('error').once('error', fail);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
        worker.postMessage(question);
      }),
    stop: () => worker.terminate(),
  };
}

function matchOf({ q, ticked }: Question): string {
  const terms = parseQuery(q);
  const typed =
    'code' in terms
      ? []
      : terms.map((term: Term) => {
          const words = [...term.tsquery.matchAll(/'((?:[^']|'')*)'/g)].map(([, word = '']) => token(word));
          return `"${words.join(' ')}"${term.kind === 'prefix' ? ' *' : ''}`;
        });
  const chosen = Object.entries(ticked).map(
    ([name, values]) => `(${(values ?? []).map((value) => `"${token(exact(name as 'type', value))}"`).join(' OR ')})`,
  );
  return [...typed, ...chosen].join(' AND ');
}

function serve(folder: string): void {
  const db = new DatabaseSync(join(folder, 'peer.sqlite'), { readOnly: true });
  db.exec('pragma mmap_size = 8000000000; pragma cache_size = -64000');
  const page = db.prepare(
    `select e.* from words w join entry e on e.id = w.rowid where words match ? order by w.rank limit 20`,
  );
  const hits = `hit as materialized (select rowid from words where words match ? limit 10001)`;
  const total = db.prepare(`with ${hits} select count(*) as n from hit`);
  const counts = db.prepare(`with ${hits}, found as materialized (select e.* from hit join entry e on e.id = hit.rowid)
    ${facets.map((name) => `select * from (select '${name}', ${name}, count(*) as n from found where ${name} is not null group by 2 order by n desc limit 20)`).join(' union all ')}`);
  const near = db.prepare(
    `select term from vocabulary where term >= ? and term < ? and abs(length(term) - ?) <= 1 order by doc desc limit 1`,
  );
  parentPort?.on('message', (question: Question) => {
    const match = matchOf(question);
    const { n } = total.get(match) as { n: number };
    // FTS5 brings no likeness of spelling: the nearest thing is the most frequent word with the same beginning.
    const start = question.q.slice(0, 3);
    const answer = n > 0 ? page.all(match) : near.all(start, `${start}\u{10ffff}`, question.q.length);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    parentPort?.postMessage({ n, page: answer, facets: n > 0 ? counts.all(match) : [] });
  });
}

if (!isMainThread) serve((workerData as { folder: string }).folder);
