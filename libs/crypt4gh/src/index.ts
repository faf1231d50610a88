/** What this room is built on. */
export const standard = 'Crypt4GH 1.0';
