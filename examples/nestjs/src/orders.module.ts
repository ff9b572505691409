import { HttpModule, HttpService } from '@nestjs/axios';
import { Module, type OnModuleInit } from '@nestjs/common';
import { bearerAuth, createTokenSource } from '@tokenline/axios';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';

const { API_URL, ISSUER, CLIENT_ID, CLIENT_SECRET } = process.env;

@Module({
  imports: [HttpModule.register({ baseURL: API_URL, timeout: 5_000 })],
  controllers: [OrdersController],
  providers: [OrdersService],
})
export class OrdersModule implements OnModuleInit {
  constructor(private readonly http: HttpService) {}

  onModuleInit(): void {
    const source = createTokenSource({ issuer: ISSUER, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET });
    bearerAuth(this.http.axiosRef, source);
  }
}
