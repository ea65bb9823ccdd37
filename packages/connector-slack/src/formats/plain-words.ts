/** The words of a text in mrkdwn: links by their labels, and what Slack escapes as it is. https://docs.slack.dev/messaging/formatting-message-text */
export function plainWords(text: string): string {
  const shown = text.replaceAll(/<([^<>|]*)\|([^<>]*)>/g, '$2').replaceAll(/<([^<>]*)>/g, '$1');
  return shown.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
