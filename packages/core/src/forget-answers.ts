import { cacheOwner } from './gateway/cache/caching-sender.ts';
import type { ResponseCache } from './gateway/cache/response-cache.ts';
import type { NoticeBoard } from './notice-board.ts';

/** Drops what is kept of a connection that ends or has another credential. None of it would be found again; the room is for others. */
export function forgetAnswers(board: Pick<NoticeBoard, 'on'>, cache: Pick<ResponseCache, 'dropAll'>): void {
  for (const name of ['connection.disconnected', 'connection.credential_replaced', 'connection.connected'] as const)
    board.on(name, ({ tenant, connectionId }) => cache.dropAll(cacheOwner(tenant, connectionId)));
}
