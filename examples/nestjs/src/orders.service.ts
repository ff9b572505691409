import { HttpService } from '@nestjs/axios';
import { BadGatewayException, Injectable, Logger } from '@nestjs/common';
import { catchError, map, type Observable } from 'rxjs';

export interface Order {
  readonly id: string;
}

@Injectable()
export class OrdersService {
  readonly #logger = new Logger(OrdersService.name);

  constructor(private readonly http: HttpService) {}

  find(id: string): Observable<Order> {
    return this.http.get<Order>(`/orders/${encodeURIComponent(id)}`).pipe(
      map(({ data }) => data),
      catchError((error: Error) => {
        this.#logger.error(error.message);
        throw new BadGatewayException('The orders are not available.');
      }),
    );
  }
}
