import { DatabaseSync } from 'node:sqlite';
import type { SearchIndex } from '@patchbay/core/host';

const schema = `
  create virtual table documents using fts5(
    title, text, tenant unindexed, connection unindexed, source unindexed, id unindexed, url unindexed, sequence unindexed, tokenize = 'porter unicode61'
  );
`;

const place = 'tenant = ? and connection = ? and source = ?';

/** One thing that was found. */
export interface Found {
  readonly source: string;
  readonly title: string;
  readonly snippet: string;
}

/** The host's own index: a table of SQLite for full-text search, and a way to search it. */
export function openFullTextIndex(file = ':memory:') {
  const database = new DatabaseSync(file);
  database.exec(schema);
  const statements = {
    newer: database.prepare(`select 1 from documents where ${place} and id = ? and sequence > ?`),
    delete: database.prepare(`delete from documents where ${place} and id = ?`),
    insert: database.prepare(
      'insert into documents (title, text, tenant, connection, source, id, url, sequence) values (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    deleteOthers: database.prepare(`delete from documents where ${place} and sequence < ?`),
    deleteAll: database.prepare(`delete from documents where ${place}`),
    count: database.prepare(`select count(*) as count from documents where ${place}`),
    search: database.prepare(
      "select source, title, snippet(documents, 1, '[', ']', '…', 8) as snippet from documents where documents match ? and tenant = ? order by rank, title",
    ),
  };
  const index: SearchIndex = {
    async put({ tenant, connectionId, source, sequence, documents }) {
      // A page as a whole or not at all: what fails comes again.
      database.exec('begin');
      try {
        for (const { id, title, text, url } of documents) {
          if (statements.newer.get(tenant, connectionId, source, id, sequence)) continue;
          statements.delete.run(tenant, connectionId, source, id);
          statements.insert.run(title, text, tenant, connectionId, source, id, url, sequence);
        }
        database.exec('commit');
      } catch (error) {
        database.exec('rollback');
        throw error;
      }
    },
    async delete({ tenant, connectionId, source, ids }) {
      for (const id of ids) statements.delete.run(tenant, connectionId, source, id);
    },
    async deleteOthers({ tenant, connectionId, source, sequence }) {
      statements.deleteOthers.run(tenant, connectionId, source, sequence);
    },
    async deleteAll({ tenant, connectionId, source }) {
      statements.deleteAll.run(tenant, connectionId, source);
    },
    async count({ tenant, connectionId, source }) {
      return Number(statements.count.get(tenant, connectionId, source)?.['count'] ?? 0);
    },
  };
  const search = (tenant: string, words: string): readonly Found[] => {
    // Each word as a text of its own: what a person types is no query language.
    const query = words
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => `"${word.replaceAll('"', '""')}"`)
      .join(' ');
    if (query === '') return [];
    return statements.search
      .all(query, tenant)
      .map(({ source, title, snippet }) => ({ source: String(source), title: String(title), snippet: String(snippet) }));
  };
  return { index, search, close: () => database.close() };
}
