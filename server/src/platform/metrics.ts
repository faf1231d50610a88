import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly request: Histogram<'method' | 'route' | 'status'>;
  readonly job: Histogram<'job' | 'outcome'>;
  readonly bytesIn: Counter;
  readonly bytesOut: Counter;
  readonly databaseConnections: Gauge<'state'>;
}

/** The figures that `/metrics` shows in the Prometheus text format. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    request: new Histogram({
      name: 'geneward_request_seconds',
      help: 'Time to answer',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 2, 10],
      registers,
    }),
    job: new Histogram({
      name: 'geneward_job_seconds',
      help: 'Time of a job',
      labelNames: ['job', 'outcome'],
      buckets: [0.01, 0.1, 1, 10, 100],
      registers,
    }),
    bytesIn: new Counter({ name: 'geneward_received_bytes_total', help: 'File bytes received', registers }),
    bytesOut: new Counter({ name: 'geneward_sent_bytes_total', help: 'File bytes sent', registers }),
    databaseConnections: new Gauge({
      name: 'geneward_database_connections',
      help: 'Connections of the pool',
      labelNames: ['state'],
      registers,
    }),
  };
}
