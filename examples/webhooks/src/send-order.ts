import { createHmac } from 'node:crypto';

/** An order as the shop tells of it: signed over the body, with an id that stays the same when it is sent again. */
export interface SentOrder {
  readonly url: string;
  readonly secret: string;
  readonly delivery: string;
  readonly order: Readonly<Record<string, string | number>>;
}

/** Sends it, and resolves with the status that was answered. */
export async function sendOrder({ url, secret, delivery, order }: SentOrder): Promise<number> {
  const body = JSON.stringify(order);
  const headers = {
    'content-type': 'application/json',
    'x-shop-delivery': delivery,
    'x-shop-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  return (await fetch(url, { method: 'POST', headers, body })).status;
}
