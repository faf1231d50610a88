/** What a list route is asked for one page. */
interface PageQuery {
  limit: number;
  after?: string;
}
const longestPage = 200;

/** The first items of a list, at most `most`, read page by page. */
export async function itemsOf<T>(
  most: number,
  page: (query: PageQuery) => Promise<{ items: T[]; next?: string | undefined }>,
): Promise<T[]> {
  const taken: T[] = [];
  let after: string | undefined;
  do {
    const { items, next } = await page({
      limit: Math.min(longestPage, most - taken.length),
      ...(after !== undefined && { after }),
    });
    taken.push(...items);
    after = next;
  } while (after !== undefined && taken.length < most);
  return taken;
}
