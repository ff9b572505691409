import { Controller, Get, Param } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { type Order, OrdersService } from './orders.service.js';

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Get(':id')
  find(@Param('id') id: string): Observable<Order> {
    return this.orders.find(id);
  }
}
