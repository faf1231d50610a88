import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';

/** The reference server of the tus protocol: it writes what comes, and neither hashes nor checks nor forces it to the disk. */
const directory = process.argv[2] ?? '';

const tus = new Server({ path: '/files', datastore: new FileStore({ directory }) });
const server = createServer((incoming, reply) => void tus.handle(incoming, reply));
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
