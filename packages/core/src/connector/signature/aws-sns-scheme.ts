/**
 * Messages of AWS SNS: RSA over a list of the body's fields, by a certificate that Amazon serves. Anybody with an AWS account has such signatures,
 * so what is registered as the secret is the ARN of the topic, and a message of another topic is refused.
 * Source: docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html.
 */
export interface AwsSnsScheme {
  readonly kind: 'aws-sns';
  /** Seconds that the message's `Timestamp` may differ from now, both ways; 1 to 3,600. SNS keeps it over its retries. */
  readonly toleranceSeconds: number;
}

/** The scheme of AWS SNS. @default 3,600 s: a delivery policy may retry for as long */
export function awsSns(options: { readonly toleranceSeconds?: number } = {}): AwsSnsScheme {
  return { kind: 'aws-sns', toleranceSeconds: options.toleranceSeconds ?? 3_600 };
}
