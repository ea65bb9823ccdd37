import type { AwsSnsScheme } from '../../../connector/signature/aws-sns-scheme.ts';
import { isJsonObject } from '../../../json/is-json-object.ts';
import { parseBody } from '../parse-body.ts';

/** What an SNS message says of its signature. */
export interface SnsMessage {
  readonly topic: string;
  /** What is signed, in the order that AWS prescribes. */
  readonly content: string;
  readonly hash: 'sha1' | 'sha256';
  readonly signature: Buffer;
  /** Where its certificate is: under a host of the topic's own region. */
  readonly certificate: { readonly host: string; readonly url: string };
}

// docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html, in this order; `Subject` only where it is there.
const notification = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const confirmation = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/** The fields that each type of message signs. */
export const signedFields: ReadonlyMap<string, readonly string[]> = new Map([
  ['Notification', notification],
  ['SubscriptionConfirmation', confirmation],
  ['UnsubscribeConfirmation', confirmation],
]);

const hashes: ReadonlyMap<unknown, SnsMessage['hash']> = new Map([
  ['1', 'sha1'],
  ['2', 'sha256'],
]);
const arnShape = /^arn:(aws|aws-cn|aws-us-gov):sns:([a-z0-9-]{3,30}):[0-9]{12}:[A-Za-z0-9_.-]{1,256}$/;
const certificatePath = /^\/SimpleNotificationService-[A-Za-z0-9]{1,64}\.pem$/;
const timeShape = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z$/;
const signatureShape = /^[A-Za-z0-9+/]{171,683}={0,2}$/;

/** The message in a body; `undefined` for what is none of the type that its header names, out of time, or signed elsewhere than at AWS. */
export function snsMessage(body: Uint8Array, type: string, { toleranceSeconds }: AwsSnsScheme, now: number): SnsMessage | undefined {
  const said = textsIn(body);
  const { Type, TopicArn: topic = '', Timestamp: timestamp = '', Signature: text = '', SigningCertURL: url = '' } = said;
  const content = contentOf(said, signedFields.get(type) ?? []);
  const hash = hashes.get(said['SignatureVersion']);
  const [, partition, region] = arnShape.exec(topic) ?? [];
  if (Type !== type || content === undefined || !hash || region === undefined || !signatureShape.test(text)) return undefined;
  if (!timeShape.test(timestamp) || !(Math.abs(now - Date.parse(timestamp)) <= toleranceSeconds * 1_000)) return undefined;
  const host = `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
  const origin = `https://${host}`;
  const signature = Buffer.from(text, 'base64');
  const isPlain = url.startsWith(origin) && certificatePath.test(url.slice(origin.length)) && signature.toString('base64') === text;
  return isPlain ? { topic, content, hash, signature, certificate: { host, url } } : undefined;
}

function textsIn(body: Uint8Array): Readonly<Record<string, string>> {
  try {
    const { value } = parseBody(body);
    return isJsonObject(value) ? Object.fromEntries(Object.entries(value).flatMap((field) => (isText(field) ? [field] : []))) : {};
  } catch {
    return {};
  }
}

const isText = (field: readonly [string, unknown]): field is [string, string] => typeof field[1] === 'string';

function contentOf(said: Readonly<Record<string, string>>, names: readonly string[]): string | undefined {
  const fields = names.filter((name) => name !== 'Subject' || Object.hasOwn(said, name));
  if (fields.length === 0 || !fields.every((name) => Object.hasOwn(said, name))) return undefined;
  return fields.map((name) => `${name}\n${said[name]}\n`).join('');
}
