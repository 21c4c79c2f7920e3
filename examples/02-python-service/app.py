"""A shop that keeps its orders in PostgreSQL and counts them in Redis."""

import os
import threading

import psycopg2
import redis
from flask import Flask, jsonify, request
from psycopg2.pool import ThreadedConnectionPool

app = Flask(__name__)
VERSION = os.environ.get("VERSION") or open("version.txt", encoding="utf-8").read().strip()

# As many connections as gunicorn has threads: none ever waits for one.
database = ThreadedConnectionPool(1, 8, os.environ["DATABASE_URL"], connect_timeout=2)
counter = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=2)
slots = threading.BoundedSemaphore(8)


def query(sql, values=()):
    """Runs one statement in its own transaction; gives its rows, when it has any."""
    with slots:
        connection = database.getconn()
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            # A connection that broke is not given to the next request.
            database.putconn(connection, close=connection.closed != 0)


def prepare():
    """Several instances may start at once: the lock lets one of them create the table."""
    query(
        "SELECT pg_advisory_xact_lock(2);"
        "CREATE TABLE IF NOT EXISTS orders (id text PRIMARY KEY, version text NOT NULL)"
    )


@app.get("/health")
def health():
    try:
        query("SELECT 1")
        counter.ping()
    except (psycopg2.Error, redis.RedisError) as error:
        return jsonify(ready=False, because=type(error).__name__), 503
    return jsonify(ready=True)


@app.get("/")
def root():
    return jsonify(version=VERSION, orders=int(counter.get("orders") or 0))


@app.post("/orders")
def order():
    """The row's key makes an order unique: done twice, it answers 409."""
    order_id = request.headers.get("X-Id") or request.get_json()["id"]
    try:
        query("INSERT INTO orders (id, version) VALUES (%s, %s)", (order_id, VERSION))
    except psycopg2.errors.UniqueViolation:
        return jsonify(id=order_id, error="this order was placed before"), 409
    counter.incr("orders")
    return jsonify(id=order_id, version=VERSION), 201


@app.after_request
def mark(response):
    response.headers["X-Version"] = VERSION
    return response


prepare()
