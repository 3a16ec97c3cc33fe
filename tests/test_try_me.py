import socket, psycopg, pytest
def test_net():
    with socket.socket() as s, pytest.raises(Exception, match="no network"): s.connect(("192.0.2.1", 80))
def test_pg(postgres_url):
    with psycopg.connect(postgres_url.replace("+psycopg","")) as c: print(c.execute("select version(), current_database()").fetchone())
def test_pg2(postgres_url): pass
def test_b(chromium):
    p=chromium.new_page(); p.set_content("<h1>hi</h1>"); assert p.inner_text("h1")=="hi"; p.close()
