export { serveAbci, type AbciApplication } from './abci.ts';
export { application, type ApplicationOptions } from './application.ts';
export { formatGenesis, parseGenesis } from './genesis.ts';
export { deployRegistry, registry, type Registry } from './evm/registry.ts';
