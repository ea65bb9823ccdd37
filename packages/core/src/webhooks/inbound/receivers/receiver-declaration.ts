import type { DeliveryId, WebhookDeclaration } from '../../../connector/webhook-declaration.ts';
import type { ReceiverDefinition } from './receiver-definition.ts';

/** What a receiver is to the parts that connectors and receivers share. */
export type ReceiverDeclaration = Pick<WebhookDeclaration, 'scheme' | 'dangerouslyUnverified' | 'deliveryId' | 'accepted' | 'contentTypes'>;

/** The declaration of a definition. */
export function declarationOf(definition: ReceiverDefinition): ReceiverDeclaration {
  const { scheme, dangerouslyUnverified, answer, contentTypes } = definition;
  return {
    ...(scheme === undefined ? {} : { scheme }),
    ...(dangerouslyUnverified === undefined ? {} : { dangerouslyUnverified }),
    ...(answer === undefined ? {} : { accepted: answer }),
    ...(contentTypes === undefined ? {} : { contentTypes }),
    deliveryId: placeOfId(definition),
  };
}

/** An id that stands in no one place of the request is none that could be read from it. */
function placeOfId({ deliveryId, format }: ReceiverDefinition): DeliveryId {
  if (deliveryId === undefined && format === 'standard-webhooks') return { header: 'webhook-id' };
  return typeof deliveryId === 'object' && !('cel' in deliveryId) ? deliveryId : { header: '' };
}
