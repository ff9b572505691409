import { TracerProvider, MeterProvider } from '@opentelemetry/api';

interface InstrumentTokenlineOptions {
    readonly tracerProvider?: TracerProvider | false | undefined;
    readonly meterProvider?: MeterProvider | false | undefined;
}

declare function instrumentTokenline({ tracerProvider, meterProvider, }?: InstrumentTokenlineOptions): () => void;

export type { InstrumentTokenlineOptions };

export { instrumentTokenline };
