package dev.escapement.spring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.introspect.DefaultAccessorNamingStrategy;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.util.StdDateFormat;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import dev.escapement.PayloadCodec;
import dev.escapement.PayloadException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Month;
import java.time.Year;
import java.util.Date;
import java.util.Locale;
import java.util.TimeZone;

/**
 * The same JSON as {@link PayloadCodec#json()}, byte for byte, written by Jackson 2, which Spring
 * Boot 3 brings. Each reads what the other writes, so that replicas of both may share a table.
 * Thread-safe.
 *
 * <p>Needs {@code jackson-databind} and the modules for Java's times, optionals and parameter
 * names: what {@code spring-boot-starter-json} of Spring Boot 3 brings. What the application says
 * to its own mapper doesn't matter here, for rows outlive settings.
 */
public final class Jackson2Codec implements PayloadCodec {

  private static final int LONGEST_QUOTE = 60;

  /** As deep as Jackson 3 goes. */
  private static final int DEEPEST = 500;

  /** The types that Jackson 3 writes otherwise. */
  private static final Module AS_JACKSON_3 =
      new SimpleModule("as Jackson 3")
          .addSerializer(Month.class, ToStringSerializer.instance)
          .addSerializer(Year.class, new YearAsNumber())
          .addSerializer(Locale.class, new LocaleAsTag())
          .addDeserializer(Locale.class, new LocaleOfTag());

  private final JsonMapper mapper;

  /** With the format pinned. */
  public Jackson2Codec() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .streamWriteConstraints(
                StreamWriteConstraints.builder().maxNestingDepth(DEEPEST).build())
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
            .build();
    this.mapper = asJsonCodecSays(asJackson3IsByDefault(JsonMapper.builder(factory))).build();
  }

  private static JsonMapper.Builder asJsonCodecSays(JsonMapper.Builder builder) {
    return builder
        .addModule(new Jdk8Module())
        .addModule(new ParameterNamesModule())
        .addModule(new JavaTimeModule().enable(JavaTimeFeature.ONE_BASED_MONTHS))
        .addModule(AS_JACKSON_3)
        .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .enable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
        .enable(MapperFeature.SORT_CREATOR_PROPERTIES_BY_DECLARATION_ORDER)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
        .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
        .disable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
        .disable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
        .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  private static JsonMapper.Builder asJackson3IsByDefault(JsonMapper.Builder builder) {
    return builder
        .defaultDateFormat(new UtcAsZ())
        .accessorNaming(
            new DefaultAccessorNamingStrategy.Provider().withFirstCharAcceptance(false, true))
        .disable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS)
        .disable(MapperFeature.USE_GETTERS_AS_SETTERS)
        .enable(MapperFeature.ALLOW_VOID_VALUED_PROPERTIES)
        .enable(MapperFeature.FIX_FIELD_NAME_UPPER_CASE_PREFIX)
        .disable(MapperFeature.DEFAULT_VIEW_INCLUSION)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .disable(SerializationFeature.FAIL_ON_ORDER_MAP_BY_INCOMPARABLE_KEY);
  }

  @Override
  public byte[] write(Object payload, Class<?> type) {
    try {
      return mapper.writerFor(type).writeValueAsBytes(payload);
    } catch (JsonProcessingException e) {
      throw new PayloadException(
          "A payload of " + type.getName() + " can't be written as JSON: " + e.getOriginalMessage(),
          e);
    }
  }

  @Override
  public <T> T read(byte[] bytes, Class<T> type) {
    try {
      T value = mapper.readValue(bytes, type);
      if (value == null) {
        throw new PayloadException("The JSON is null, a " + type.getName() + " is wanted.", null);
      }
      return value;
    } catch (IOException e) {
      throw new PayloadException(
          "A payload can't be read as "
              + type.getName()
              + ": "
              + (e instanceof JsonProcessingException json
                  ? json.getOriginalMessage()
                  : e.getMessage())
              + "; it begins with "
              + beginning(bytes)
              + ".",
          e);
    }
  }

  /** In quotes, with what can't be printed written as an escape. */
  private static String beginning(byte[] bytes) {
    String text = new String(bytes, 0, Math.min(bytes.length, 240), StandardCharsets.UTF_8);
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .limit(LONGEST_QUOTE)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                quoted.append("\\u%04X".formatted(c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    boolean cut = text.codePointCount(0, text.length()) > LONGEST_QUOTE;
    return quoted.append(cut ? "…\"" : "\"").toString();
  }

  private static final class YearAsNumber extends JsonSerializer<Year> {
    @Override
    public void serialize(Year year, JsonGenerator json, SerializerProvider any)
        throws IOException {
      json.writeNumber(year.getValue());
    }
  }

  private static final class LocaleAsTag extends JsonSerializer<Locale> {
    @Override
    public void serialize(Locale locale, JsonGenerator json, SerializerProvider any)
        throws IOException {
      json.writeString(locale.equals(Locale.ROOT) ? "" : locale.toLanguageTag());
    }
  }

  private static final class LocaleOfTag extends FromStringDeserializer<Locale> {

    private static final long serialVersionUID = 1L;

    LocaleOfTag() {
      super(Locale.class);
    }

    @Override
    protected Locale _deserialize(String tag, DeserializationContext any) {
      return Locale.forLanguageTag(tag);
    }

    @Override
    protected Object _deserializeFromEmptyString(DeserializationContext any) {
      return Locale.ROOT;
    }
  }

  /** Jackson 2 says it as an offset of nothing. */
  private static final class UtcAsZ extends StdDateFormat {

    private static final long serialVersionUID = 1L;
    private static final String NO_OFFSET = "+00:00";

    @Override
    protected void _format(TimeZone zone, Locale locale, Date date, StringBuffer text) {
      super._format(zone, locale, date, text);
      int offset = text.length() - NO_OFFSET.length();
      if (text.indexOf(NO_OFFSET, offset) == offset) {
        text.replace(offset, text.length(), "Z");
      }
    }

    @Override
    public StdDateFormat clone() {
      return new UtcAsZ();
    }
  }
}
