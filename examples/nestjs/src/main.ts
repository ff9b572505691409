import { NestFactory } from '@nestjs/core';
import { OrdersModule } from './orders.module.js';

const app = await NestFactory.create(OrdersModule);
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? 3000);
console.log(await app.getUrl());
