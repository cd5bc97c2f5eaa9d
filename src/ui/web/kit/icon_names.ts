// The icons of the interface by their names in lucide-static; the build makes one sprite of them.
export const iconNames = [
  'archive', 'arrow-down', 'arrow-left', 'arrow-right', 'arrow-up', 'ban', 'bell', 'boxes', 'chart-column', 'check', 'chevron-down',
  'chevron-left', 'chevron-right', 'circle-alert', 'circle-check', 'clipboard-list', 'clock', 'columns-3', 'command', 'copy', 'download',
  'ellipsis', 'euro', 'external-link', 'eye', 'eye-off', 'file-down', 'file-up', 'funnel', 'globe', 'hand', 'hourglass', 'house', 'image',
  'image-plus', 'fingerprint', 'info', 'key-round', 'languages', 'layers', 'list', 'lock', 'log-out', 'mail', 'map-pin', 'menu', 'message-square', 'moon',
  'package', 'package-check', 'package-open', 'panel-left', 'pencil', 'phone', 'plus', 'refresh-cw', 'rows-3', 'rows-4', 'save', 'scroll-text',
  'search', 'settings', 'shield-check', 'shopping-cart', 'store', 'sun', 'sun-moon', 'tag', 'trash-2', 'triangle-alert', 'truck', 'undo-2',
  'upload', 'user', 'user-plus', 'users', 'x',
] as const;
export type IconName = (typeof iconNames)[number];
