import { createServer, type Server } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';
import type { Accepts } from './login-server.ts';

/** As much of an MQTT broker as one client needs, in version 3.1.1 or 5; whatever is published comes back. */
export function mqttBroker(check: Accepts): Server {
  return createServer((socket) => {
    let protocolVersion: number | undefined;
    const send = (packet: Packet): void => {
      socket.write(generate(packet, { protocolVersion: protocolVersion ?? 4 }));
    };
    const packets = parser();
    socket.on('data', (chunk) => packets.parse(chunk));
    packets.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connect') {
        ({ protocolVersion } = packet);
        const good = check(String(packet.password));
        send({ cmd: 'connack', sessionPresent: false, returnCode: good ? 0 : 5, reasonCode: good ? 0 : 135 });
        if (!good) socket.end();
      } else if (packet.cmd === 'subscribe') {
        send({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: packet.subscriptions.map(() => 0) });
      } else if (packet.cmd === 'publish') {
        send({ cmd: 'puback', messageId: packet.messageId ?? 0 });
        send({ ...packet, qos: 0 });
      }
    });
  });
}
