/** A verified delivery that asks for a request to an address which it names, before others follow: AWS SNS' `SubscriptionConfirmation`. */
export interface ConfirmationDeclaration {
  /** A top-level field of the body, and what it says in such a delivery. */
  readonly field: string;
  readonly equals: string;
  /** The top-level field with the address. */
  readonly urlField: string;
  /** Hosts that the address may have; `*` stands for one label: `sns.*.amazonaws.com`. Only https is asked, on its own port. */
  readonly hosts: readonly string[];
}
