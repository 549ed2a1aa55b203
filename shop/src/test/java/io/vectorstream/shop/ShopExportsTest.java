package io.vectorstream.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as shop systems write them. */
class ShopExportsTest {
  @TempDir private Path folder;

  private CatalogFiles read(String name, String content) throws IOException {
    return CatalogFiles.read(folder, name, content);
  }

  @Test
  void a_text_feed_for_google_is_read() throws IOException {
    CatalogFiles read =
        read(
            "feed.txt",
            """
            id\ttitle\tdescription\tlink\timage link\tavailability\tprice\tsale price\tgoogle product category\tproduct type
            G1\tMonitor 27"\tSharp &amp; flat\thttps://shop.example/1\thttps://shop.example/1.jpg\tin_stock\t199.00 USD\t179.00 USD\t305\tElectronics > Displays
            G2\tMug\t\thttps://shop.example/2\t\tin_stock\t8.50 USD\t\tHome & Garden > Kitchen\t
            """);

    assertThat(read.problems()).isEmpty();
    assertThat(read.products())
        .containsExactly(
            new Product("G1", "Monitor 27\"", "Sharp & flat", "Electronics | Displays", 179),
            new Product("G2", "Mug", "", "Home & Garden | Kitchen", 8.5));
    assertThat(read.description())
        .isEqualTo("CSV with tabs, Google Merchant's columns, UTF-8, a decimal point");
  }

  @Test
  void a_reduced_price_with_an_end_is_not_taken() throws IOException {
    assertThat(
            read(
                    "feed.csv",
                    """
                    id,title,link,price,sale_price,sale_price_effective_date
                    G1,Pot,https://shop.example/1,20.00 EUR,15.00 EUR,2026-11-24T11:07+0100/2026-12-01T23:07+0100
                    G2,Pan,https://shop.example/2,20.00 EUR,15.00 EUR,
                    """)
                .products())
        .extracting(Product::price)
        .containsExactly(20.0, 15.0);
  }

  @Test
  void a_feed_in_xml_is_read() throws IOException {
    CatalogFiles read =
        read(
            "feed.xml",
            """
            <?xml version="1.0"?>
            <rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel>
            <title>A shop</title>
            <item>
              <g:id>X1</g:id><title>Lamp &amp; shade</title>
              <description><![CDATA[<p>Of <b>oak</b></p>]]></description>
              <g:shipping><g:country>DE</g:country><g:price>4.95 EUR</g:price></g:shipping>
              <g:price>1299.00 EUR</g:price><g:product_type>Home &gt; Light</g:product_type>
            </item>
            <item><g:id>X2</g:id><g:title>Pot</g:title><g:price>free</g:price></item>
            <item><g:id>X3</g:id><g:title>Pan</g:title><g:price>3 EUR</g:price></item>
            </channel></rss>
            """);

    assertThat(read.rows())
        .containsExactly(
            new CatalogRow(4, new Product("X1", "Lamp & shade", "Of oak", "Home | Light", 1299)),
            new CatalogRow(11, new Product("X3", "Pan", null, null, 3)));
    assertThat(read.problems())
        .containsExactly(
            new RowProblem(10, "price is 'free'; expected a number of 0 or more, such as 12.50"));
    assertThat(read.description()).isEqualTo("XML, UTF-8, a decimal point");
  }

  @Test
  void xml_that_breaks_off_is_told_and_reads_nothing_from_outside() throws IOException {
    CatalogFiles read =
        read(
            "feed.xml",
            """
            <rss><channel><item><id>1</id><title>Pot</title><price>3</price></item>
            <item><id>2</id><title>Pan & lid</title><price>3</price></item></channel></rss>
            """);

    assertThat(read.ids()).containsExactly("1");
    assertThat(read.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(2);
              assertThat(problem.reason())
                  .startsWith("is not XML, and what follows cannot be read: ");
            });
    Path secret = folder.resolve("secret.txt");
    Files.writeString(secret, "hunter2");
    CatalogFiles outside =
        read(
            "outside.xml",
            "<!DOCTYPE rss [<!ENTITY x SYSTEM \"%s\">]><rss><item><id>1</id><title>&x;</title><price>1</price></item></rss>"
                .formatted(secret.toUri()));
    assertThat(outside.toString()).doesNotContain("hunter2");
  }

  @Test
  void the_rows_of_a_product_of_shopify_become_one() throws IOException {
    CatalogFiles read =
        read(
            "products_export.csv",
            """
            Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Compare At Price,Image Src,Status
            tee,Organic tee,"<p>Soft,<br>warm.</p>
            <ul><li>Cotton</li></ul>",Acme,Apparel & Accessories > Clothing,Shirts,,true,Size,S,T-S,19.00,25.00,https://cdn.example/1.jpg,active
            tee,,,,,,,,,M,T-M,17.50,,,
            tee,,,,,,,,,L,T-L,21.00,,,
            tee,,,,,,,,,,,,,https://cdn.example/2.jpg,
            mug,Mug,,Acme,,Kitchen,,true,Title,Default Title,M-1,8.00,,,active
            old,Old pot,,Acme,,Kitchen,,true,Title,Default Title,O-1,8.00,,,draft
            off,Off pot,,Acme,,Kitchen,,false,Title,Default Title,O-2,8.00,,,active
            """);

    assertThat(read.problems()).isEmpty();
    assertThat(read.rows())
        .containsExactly(
            new CatalogRow(
                2,
                new Product(
                    "tee",
                    "Organic tee",
                    "Soft, warm. Cotton",
                    "Apparel & Accessories | Clothing",
                    17.5)),
            new CatalogRow(7, new Product("mug", "Mug", "", "Kitchen", 8)));
    assertThat(read.hidden()).isEqualTo(2);
    assertThat(read.description()).contains("Shopify's columns");
  }

  @Test
  void a_broken_variant_of_shopify_costs_neither_its_product_nor_the_next() throws IOException {
    CatalogFiles read =
        read(
            "products_export.csv",
            """
            Handle,Title,Body (HTML),Type,Option1 Value,Variant Price
            tee,Tee,"<p>Soft</p>",Shirts,S,19.00
            tee,,,,"27" wide",17.00
            tee,,,,L,on request
            tee,,,,XL,18.00
            mug,Mug,,Kitchen,,8.00
            """);

    assertThat(read.products())
        .containsExactly(
            new Product("tee", "Tee", "Soft", "Shirts", 18),
            new Product("mug", "Mug", "", "Kitchen", 8));
    assertThat(read.problems()).extracting(RowProblem::line).containsExactly(3L, 4L);
  }

  @Test
  void the_newer_columns_of_shopify_are_known() throws IOException {
    assertThat(
            read(
                    "p.csv",
                    """
                    Title,URL handle,Description,Vendor,Product category,Type,Published on online store,Status,SKU,Option1 value,Price
                    Tee,tee,Soft,Acme,,Shirts,TRUE,Active,T-S,S,19.00
                    ,tee,,,,,,,T-M,M,17.00
                    """)
                .products())
        .containsExactly(new Product("tee", "Tee", "Soft", "Shirts", 17));
  }

  @Test
  void variations_of_woocommerce_give_their_product_the_lowest_price() throws IOException {
    CatalogFiles read =
        read(
            "wc-product-export.csv",
            """
            ID,Type,SKU,Name,Published,"Is featured?","Visibility in catalog","Short description",Description,"Date sale price starts","Date sale price ends","In stock?","Sale price","Regular price",Categories,Parent
            10,variable,TEE,Tee,1,0,visible,<p>Short</p>,,,,1,,,"Clothing > Shirts, Sale",
            11,variation,TEE-S,Tee - S,1,0,visible,,,,,1,,19.90,,id:10
            20,simple,MUG,Mug,1,0,visible,,A mug,,,1,6.50,8.00,Kitchen,
            21,"simple, virtual",GIFT,Gift card,-1,0,visible,,,,,1,,50,,
            22,simple,OLD,Old pot,1,0,hidden,,,,,1,,5,,
            23,simple,POT,Pot,1,0,visible,,,2026-11-01,2026-12-01,1,3,5,,
            30,variation,TEE-L,Tee - L,1,0,visible,,,,,1,15.00,21.90,,TEE
            31,variation,CAP-L,Cap - L,1,0,visible,,,,,1,,9,,id:99
            """);

    assertThat(read.products())
        .containsExactly(
            new Product("10", "Tee", "Short", "Clothing | Shirts", 15),
            new Product("20", "Mug", "A mug", "Kitchen", 6.5),
            new Product("23", "Pot", "", "", 5));
    assertThat(read.hidden()).isEqualTo(2);
    assertThat(read.problems())
        .containsExactly(
            new RowProblem(9, "is a variation of id:99; expected that product in the file"));
    assertThat(read.description()).contains("WooCommerce's columns");
  }

  @Test
  void products_of_the_interfaces_of_shopify_and_woocommerce_are_read() throws IOException {
    CatalogFiles shopify =
        read(
            "products.json",
            """
            {"products": [
              {"id": 7, "title": "Tee", "handle": "tee", "body_html": "<p>Soft</p>", "product_type": "Shirts",
               "variants": [{"id": 1, "title": "S", "price": "19.00"}, {"id": 2, "title": "M", "price": "17.00"}]},
              {"id": 8, "title": "Draft", "status": "draft", "variants": []}
            ]}
            """);
    CatalogFiles woocommerce =
        read(
            "products.json",
            """
            [{"id": 9, "name": "Mug", "type": "simple", "status": "publish", "description": "<p>Blue</p>",
              "price": "8.00", "sale_price": "", "categories": [{"id": 1, "name": "Kitchen"}, {"id": 2, "name": "Sale"}]}]
            """);

    assertThat(shopify.products()).containsExactly(new Product("7", "Tee", "Soft", "Shirts", 17));
    assertThat(shopify.hidden()).isEqualTo(1);
    assertThat(woocommerce.products())
        .containsExactly(new Product("9", "Mug", "Blue", "Kitchen", 8));
    assertThat(shopify.problems()).isEmpty();
  }

  @Test
  void what_the_interface_of_woocommerce_hides_is_left_out() throws IOException {
    CatalogFiles read =
        read(
            "products.json",
            """
            [{"id": 9, "name": "Mug", "status": "publish", "catalog_visibility": "hidden", "price": "8.00"},
             {"id": 10.0, "name": "Pot", "status": "publish", "catalog_visibility": "visible", "price": "9.00"}]
            """);

    assertThat(read.ids()).as("as a mapping of events reads it").containsExactly("10");
    assertThat(read.hidden()).isEqualTo(1);
  }

  @Test
  void the_ends_of_lines_in_descriptions_of_woocommerce_are_blanks() throws IOException {
    CatalogFiles read =
        read(
            "export.csv",
            """
            ID,Type,Name,Description,Regular price
            1,simple,Mug,Blue.\\nHolds <b>one</b> cup.,8
            2,simple,Script,<p>Prints \\\\n</p>,8
            """);

    assertThat(read.products())
        .extracting(Product::description)
        .containsExactly("Blue. Holds one cup.", "Prints \\n");
  }

  @Test
  void xml_that_is_no_feed_is_told() throws IOException {
    CatalogFiles read =
        read(
            "products.xml",
            "<products><product><id>1</id><name>Mug</name><price>8</price></product></products>");

    assertThat(read.rows()).isEmpty();
    assertThat(read.problems())
        .containsExactly(
            new RowProblem(
                1, "begins XML without an item or entry; expected a feed in RSS or Atom"));
  }
}
