/** What this room is built on. */
export const standard = 'RFC 9162';
