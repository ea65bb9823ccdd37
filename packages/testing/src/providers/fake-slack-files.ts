import { type FakeProvider, startFakeProvider } from './fake-provider.ts';
import { changed, failure, type SlackMethods, structureOf, success, textOf } from './fake-slack-answers.ts';
import { type FakeSlackState, nextId } from './fake-slack-state.ts';

/** Files in three steps: an address, the bytes at another host, and the sharing. */
export const fileMethods = (uploads: Pick<FakeProvider, 'origin'>): SlackMethods => ({
  'files.getUploadURLExternal': {
    scopes: ['files:write'],
    run({ files }, given) {
      const [name, bytes] = [textOf(given, 'filename'), Number(given['length'])];
      if (name === '' || !(bytes > 0)) return failure('missing_argument');
      const id = nextId('F', files);
      files.set(id, { id, name, title: name, channel: undefined, bytes: 0, withToken: false, shared: false });
      return success({ upload_url: `${uploads.origin}/upload/v1/${id}?length=${bytes}`, file_id: id });
    },
  },
  'files.completeUploadExternal': {
    scopes: ['files:write'],
    run({ files, channels }, given) {
      const listed = structureOf(given, 'files');
      const wanted = Array.isArray(listed)
        ? listed.map(({ id, title }: { id?: string; title?: string }) => ({ file: files.get(id ?? ''), title }))
        : [];
      const channel = textOf(given, 'channel_id') || undefined;
      if (channel !== undefined && !channels.has(channel)) return failure('channel_not_found');
      const done = [];
      for (const { file, title } of wanted) {
        if (!file || file.bytes === 0) return failure('file_not_found');
        file.title = title ?? file.name;
        file.channel = channel;
        file.shared = true;
        done.push({ id: file.id, title: file.title });
      }
      return done.length === 0 ? failure('missing_argument') : changed({ files: done });
    },
  },
  'files.list': {
    scopes: ['files:read'],
    run({ files }, given) {
      const wanted = textOf(given, 'channel');
      const shown = [...files.values()].filter(({ shared, channel }) => shared && (wanted === '' || channel === wanted));
      const [page, count] = [Number(given['page'] ?? 1), Number(given['count'] ?? 100)];
      const paging = { count, total: shown.length, page, pages: Math.max(1, Math.ceil(shown.length / count)) };
      return success({ files: shown.slice((page - 1) * count, page * count).map(({ id, name, title }) => ({ id, name, title })), paging });
    },
  },
});

/** The host that takes bytes. The address is what lets them in; that a token came along is noted. */
export function startUploads(stateOf: () => FakeSlackState): Promise<FakeProvider> {
  return startFakeProvider({
    routes: {
      'POST /upload/v1/:file': ({ parameters, body, headers }) => {
        const file = stateOf().files.get(parameters['file'] ?? '');
        if (!file || body === '') return { status: 400, text: 'bad upload' };
        file.withToken = headers['authorization'] !== undefined;
        file.bytes = Buffer.byteLength(body);
        return { text: `OK - ${file.bytes}` };
      },
    },
  });
}
