import { appMentioned } from './triggers/app-mentioned.ts';
import { appUninstalled } from './triggers/app-uninstalled.ts';
import { blockActed } from './triggers/block-acted.ts';
import { channelArchived } from './triggers/channel-archived.ts';
import { channelCreated } from './triggers/channel-created.ts';
import { channelRenamed } from './triggers/channel-renamed.ts';
import { commandInvoked } from './triggers/command-invoked.ts';
import { fileShared } from './triggers/file-shared.ts';
import { homeOpened } from './triggers/home-opened.ts';
import { linkShared } from './triggers/link-shared.ts';
import { memberJoined } from './triggers/member-joined.ts';
import { memberLeft } from './triggers/member-left.ts';
import { messageChanged } from './triggers/message-changed.ts';
import { messageDeleted } from './triggers/message-deleted.ts';
import { messagePosted } from './triggers/message-posted.ts';
import { messageShortcutUsed } from './triggers/message-shortcut-used.ts';
import { pinAdded } from './triggers/pin-added.ts';
import { reactionAdded } from './triggers/reaction-added.ts';
import { reactionRemoved } from './triggers/reaction-removed.ts';
import { shortcutUsed } from './triggers/shortcut-used.ts';
import { teamJoined } from './triggers/team-joined.ts';
import { tokensRevoked } from './triggers/tokens-revoked.ts';
import { viewSubmitted } from './triggers/view-submitted.ts';

/** What happens at Slack, by name. */
export const slackTriggers = {
  'app.mentioned': appMentioned,
  'app.uninstalled': appUninstalled,
  'block.acted': blockActed,
  'channel.archived': channelArchived,
  'channel.created': channelCreated,
  'channel.renamed': channelRenamed,
  'command.invoked': commandInvoked,
  'file.shared': fileShared,
  'home.opened': homeOpened,
  'link.shared': linkShared,
  'member.joined': memberJoined,
  'member.left': memberLeft,
  'message.changed': messageChanged,
  'message.deleted': messageDeleted,
  'message.posted': messagePosted,
  'message_shortcut.used': messageShortcutUsed,
  'pin.added': pinAdded,
  'reaction.added': reactionAdded,
  'reaction.removed': reactionRemoved,
  'shortcut.used': shortcutUsed,
  'team.joined': teamJoined,
  'tokens.revoked': tokensRevoked,
  'view.submitted': viewSubmitted,
};
